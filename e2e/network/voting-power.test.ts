import type { Genesis } from "@galen/ledger/app/genesis";
import type { NodeStatus } from "@galen/ledger/modules/validators/schema";
import { defaultSettings, type Settings } from "@galen/ledger/modules/validators/settings";
import type { Message } from "@galen/ledger/tx/transaction";
import { accountKeys, ownAccount, query, submit, webRandom } from "@galen/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chainOf, heightOf, reach } from "./agreement.ts";
import { cometbftProgram, describeWithCometbft } from "./cometbft-program.ts";
import { type Network, startNetwork } from "./network.ts";

const TIMEOUT_MS = 240_000;
const settings: Settings = { ...defaultSettings, admission: "open", epochBlocks: 8, minValidators: 4 };
const stakes = [400, 300, 200, 100];

let network: Network;

/** Epochs that end while one waits. */
function withSettings(genesis: Genesis): Genesis {
  const { validators } = genesis.modules as { readonly validators: object };
  return { ...genesis, modules: { ...genesis.modules, validators: { ...validators, settings } } };
}

const organisations = () => network.nodes.map(({ organisation }) => organisation!);
const decide = (...messages: readonly Message[]) => submit(network.nodes[0]!.client, { actors: organisations(), messages });
const setPolicy = (policy: Settings["policy"]) => decide({ type: "validators.setPolicy", value: { ...settings, policy } });

/** A person's account through one of the nodes, in turn: the load, of which nothing may be lost. */
async function createPerson(number: number): Promise<string> {
  const person = await ownAccount(accountKeys(webRandom(64), 0));
  await submit(network.nodes[number % 4]!.client, { actors: [person], messages: [person.creation] });
  return person.account;
}

async function powers(): Promise<number[]> {
  const { result } = await query<{ nodes: NodeStatus[] }>(network.nodes[0]!.client, "validators.nodes");
  return organisations().map(({ account }) => result.nodes.find(({ node }) => node.organisation === account)!.power);
}

/** Keeps the load up until the set has these powers. */
async function loadUntil(wanted: readonly number[], created: string[]): Promise<void> {
  for (let round = 0; round < 60; round++) {
    created.push(...(await Promise.all([0, 1, 2, 3].map((at) => createPerson(created.length + at)))));
    if (String(await powers()) === String(wanted)) return;
  }
  expect(await powers()).toEqual(wanted);
}

describeWithCometbft("voting power of four validators", () => {
  beforeAll(async () => {
    network = await startNetwork({ program: cometbftProgram!, found: withSettings });
  }, TIMEOUT_MS);
  afterAll(() => network.stop());

  it("follows the policy that is decided, and back, under load, with CometBFT taking every update", { timeout: TIMEOUT_MS }, async () => {
    const created: string[] = [];
    const mints = organisations().map(({ account }) => ({ type: "tokens.mint", value: { tokenKind: "shares", account, amount: 1_000 } }));
    await decide({ type: "tokens.register", value: { tokenKind: "shares" } }, ...mints);
    const bonds = organisations().map(({ account }, at) => ({
      type: "validators.bond",
      value: { organisation: account, account, amount: stakes[at]! },
    }));
    await decide(...bonds);

    await setPolicy({ kind: "stake", capBasisPoints: 10_000 });
    await loadUntil([400_000, 300_000, 200_000, 100_000], created);
    await setPolicy({ kind: "delegated", seats: 4, power: "equal" });
    await loadUntil([250_000, 250_000, 250_000, 250_000], created);
    await setPolicy({ kind: "work", windowEpochs: 4, solutionsPerEpoch: 8, difficulty: 50, founderBasisPoints: 10_000, fadeEpochs: 1_000 });
    await loadUntil([250_000, 250_000, 250_000, 250_000], created);
    await setPolicy({ kind: "stake", capBasisPoints: 10_000 });
    await loadUntil([400_000, 300_000, 200_000, 100_000], created);

    const height = await heightOf(network.nodes[0]!);
    await reach(network.nodes, height);
    const chains = await Promise.all(network.nodes.map((node) => chainOf(node, 1, height)));
    expect(new Set(chains).size).toBe(1);
    for (const account of created) await query(network.nodes[created.indexOf(account) % 4]!.client, "accounts.account", { account });
    expect(new Set(created).size).toBe(created.length);
  });

  it("decides from two blocks later on, as the headers say", { timeout: TIMEOUT_MS }, async () => {
    const inForce = async () => {
      await createPerson(0);
      const answer = await fetch(`${network.nodes[0]!.url}/rpc/validators`);
      const { result } = (await answer.json()) as { result: { validators: { voting_power: string }[] } };
      return result.validators.map(({ voting_power: power }) => Number(power));
    };
    await expect.poll(inForce, { timeout: 30_000 }).toEqual([400_000, 300_000, 200_000, 100_000]);
  });
});
