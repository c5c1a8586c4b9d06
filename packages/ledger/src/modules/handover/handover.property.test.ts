import fc from "fast-check";
import { expect, it } from "vitest";
import { type Genesis, genesisHash, successorHash } from "../../app/genesis.ts";
import { defaultParameters } from "../../app/parameters.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { expectDone, foundingBy, testAccount } from "../../testing/actors.ts";
import { createTestChain, type TestChain, testKey } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { ledgerVersions } from "../index.ts";
import { issues } from "../tokens/state.ts";
import { apply, createModel, type Model, type Operation, operation } from "./handover.model.ts";

const newest = ledgerVersions.at(-1)!;
const cast = { north: testAccount("north", { kind: "organisation" }), ann: testAccount("ann") };
const LATER_MS = 1_000_000_000_000;

/** Every chain of a name has one document, so that the announcement and the begin speak of the same. */
function documentOf(chainId: string, { genesis }: TestChain): Genesis {
  const validators = [{ publicKey: testKey(chainId).publicKey, power: 1 }];
  const genesisTime = genesis.genesisTime + LATER_MS;
  return { chainId, genesisTime, version: newest.number, validators, parameters: defaultParameters, modules: {} };
}

async function perform(
  chain: TestChain,
  step: Operation,
  { registered }: Model,
): Promise<{ chain: TestChain; outcome: string | undefined }> {
  if (step.kind === "succeed") return succeed(chain, step.successor);
  const register = { type: "tokens.register", value: { tokenKind: `k${registered}` } };
  const messages = {
    announce: () => [announceMessage(step, chain)],
    announceAndRegister: () => [announceMessage(step, chain), register],
    register: () => [register],
  };
  const { refusal } = await chain.run(
    step.signers.map((name) => cast[name]),
    ...messages[step.kind](),
  );
  return { chain, outcome: refusal?.id };
}

function announceMessage(step: Operation, chain: TestChain) {
  const genesis = documentOf((step as { successor: string }).successor, chain);
  return { type: "handover.announce", value: { chainId: genesis.chainId, successorHash: successorHash(genesis, portableCrypto) } };
}

async function succeed(before: TestChain, name: string): Promise<{ chain: TestChain; outcome: string | undefined }> {
  const { ledger, genesis, kv } = before;
  const founded = genesisHash(genesis, portableCrypto);
  const predecessor = { chainId: ledger.chainId, genesisHash: founded, height: ledger.height, appHash: bytesToHex(ledger.appHash) };
  const next = { ...documentOf(name, before), predecessor };
  try {
    const chain = await createTestChain({ version: ledgerVersions, from: { kv, genesis: next } });
    await chain.block();
    return { chain, outcome: undefined };
  } catch (error) {
    expect(String(error)).toContain("has not announced");
    return { chain: before, outcome: "refused" };
  }
}

it("a chain ends once, goes on only as it was announced, and loses nothing, over any number of chains", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    let chain = await createTestChain({ version: newest, modules: foundingBy(cast.north) });
    await expectDone(chain.run(cast.ann, cast.ann.create));
    const model = createModel();
    for (const step of operations) {
      const done = await perform(chain, step, model);
      const expected = apply(model, step);
      expect(done.outcome).toBe(expected);
      chain = done.chain;
      seen.add(expected ?? step.kind);
      expect(chain.ledger.chainId).toBe(model.chainId);
      expect([...issues.entries(chain.ledger, { limit: 100 })]).toHaveLength(model.registered);
      await chain.checkInvariants();
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40, size: "max" }), run), modelRuns(5, 1));
  expect([...seen].sort()).toEqual(
    ["announce", "governance/NotDecided", "handover/ChainEnded", "handover/SameName", "refused", "register", "succeed"].sort(),
  );
});
