import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultParameters } from "@galen/ledger/app/parameters";
import { type Config, type NodeOptions, type RunningNode, readConfig, startNode } from "@galen/node";
import { nativeCrypto } from "@galen/node/crypto/native";
import {
  type AccountKeys,
  accountKeys,
  type Client,
  createClient,
  genesis,
  type OwnAccount,
  ownAccount,
  submit,
  trustOfGenesis,
  webRandom,
} from "@galen/sdk";
import { engineSettings } from "./network/engine-under-test.ts";

/** A network of one real node in a temporary folder, with a hospital, a board that licenses, a clinician and a patient. */
export interface SmallNetwork {
  readonly node: RunningNode;
  /** Checks every answer against the founding validators. */
  readonly client: Client;
  readonly hospital: OwnAccount;
  readonly board: OwnAccount;
  readonly clinician: OwnAccount;
  readonly patient: OwnAccount;
  stop(): Promise<void>;
}

/** Founds the network over its public interface and waits until the custodian has made the collective key. */
export async function foundSmallNetwork(
  settings: Partial<Config> = engineSettings(),
  options: Pick<NodeOptions, "clock"> = {},
): Promise<SmallNetwork> {
  const dataFolder = await mkdtemp(join(tmpdir(), "galen-sdk-"));
  const [hospital, board] = [await ownAccount(randomKeys(), "organisation"), await ownAccount(randomKeys(), "organisation")];
  const [clinician, patient] = [await ownAccount(randomKeys()), await ownAccount(randomKeys())];
  const config = await readConfig({ environment: {}, overrides: { dataFolder, httpPort: 0, logLevel: "error", ...settings } });
  const node = await startNode(config, { ...options, genesis: (validator) => document(validator, hospital) });
  const asked = createClient({ url: node.url });
  const trust = trustOfGenesis(await genesis(asked), asked.crypto);
  const client = createClient({ url: node.url, trust, crypto: nativeCrypto });
  await submit(client, { actors: [board, clinician, patient], messages: [board, clinician, patient].map(({ creation }) => creation) });
  await submit(client, {
    actors: [hospital],
    messages: [
      { type: "accounts.setMember", value: { organisation: hospital.account, member: clinician.account, roles: ["clinician"] } },
      { type: "governance.registerIssuer", value: { issuer: board.account, credentialTypes: ["practitioner-licence"] } },
    ],
  });
  await makeCollectiveKey(node, client, hospital);
  return {
    ...{ node, client, hospital, board, clinician, patient },
    async stop() {
      await node.stop();
      await rm(dataFolder, { recursive: true });
    },
  };
}

function document(validator: string, hospital: OwnAccount) {
  return {
    chainId: "galen-sdk-test",
    genesisTime: Date.now(),
    version: 1,
    validators: [{ publicKey: validator, power: 1 }],
    parameters: defaultParameters,
    modules: { governance: { members: [hospital.creation.value], decision: { numerator: 2, denominator: 3 } } },
  };
}

function randomKeys(): AccountKeys {
  return accountKeys(webRandom(64), 0);
}

async function makeCollectiveKey(node: RunningNode, client: Client, hospital: OwnAccount): Promise<void> {
  const { account, sealingKey } = node.custodian!;
  const value = { purpose: "release", kind: "generate", threshold: 1, custodians: [{ account, sealingKey }], windowMs: 10_000 };
  await submit(client, { actors: [hospital], messages: [{ type: "custody.startCeremony", value }] });
  for (let waited = 0; node.custodian!.holding === undefined; waited += 20) {
    if (waited > 10_000) throw new Error("the custodian did not make the collective key");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
