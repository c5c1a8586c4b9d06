import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCollectiveKey } from "@galen/cli/start/collective-key";
import { createGenesis } from "@galen/cli/start/genesis";
import { type Config, type NodeOptions, type RunningNode, readConfig, startNode } from "@galen/node";
import { nativeCrypto } from "@galen/node/crypto/native";
import {
  type AccountKeys,
  accountKeys,
  type Client,
  compartmentLabel,
  createClient,
  deriveObjectId,
  fileDocuments,
  genesis,
  grantAccess,
  type OwnAccount,
  ownAccount,
  submit,
  trustOfGenesis,
  webRandom,
} from "@galen/sdk";
import { engineSettings } from "./network/engine-under-test.ts";

const HOUR_MS = 3_600_000;

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

/** Founds the network as users do, over its public interface, and waits until the custodian has made the collective key. */
export async function foundSmallNetwork(
  settings: Partial<Config> = engineSettings(),
  options: Pick<NodeOptions, "clock"> = {},
): Promise<SmallNetwork> {
  const dataFolder = await mkdtemp(join(tmpdir(), "galen-sdk-"));
  const [hospital, board] = [await ownAccount(randomKeys(), "organisation"), await ownAccount(randomKeys(), "organisation")];
  const [clinician, patient] = [await ownAccount(randomKeys()), await ownAccount(randomKeys())];
  const config = await readConfig({ environment: {}, overrides: { dataFolder, httpPort: 0, logLevel: "error", ...settings } });
  const node = await startNode(config, { ...options, genesis: createGenesis({ name: "galen-sdk-test", founders: [hospital] }) });
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
  await ensureCollectiveKey(client, [hospital]);
  return {
    ...{ node, client, hospital, board, clinician, patient },
    async stop() {
      await node.stop();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** Files a document of the patient's and lets the clinician read it; gives the ids of both, and of the grant's transaction. */
export async function fileAndGrant({ client, hospital, patient, clinician }: SmallNetwork): Promise<{
  readonly document: string;
  readonly grant: string;
  readonly transaction: string;
}> {
  const objectId = deriveObjectId(hospital.keys.compartmentKey, "visit 17");
  const compartment = compartmentLabel(patient.keys.compartmentKey, "general");
  const document = { objectId, plaintext: new TextEncoder().encode("Haemoglobin 13.9 g/dl"), owner: patient.account, compartment };
  await fileDocuments(client, { as: hospital, documents: [document] });
  const { grantId, txHash } = await grantAccess(client, {
    as: patient,
    grantee: { kind: "person", account: clinician.account },
    covers: { kind: "everything" },
    purposes: ["TREAT"],
    until: Date.now() + HOUR_MS,
  });
  return { document: objectId, grant: grantId, transaction: txHash };
}

function randomKeys(): AccountKeys {
  return accountKeys(webRandom(64), 0);
}
