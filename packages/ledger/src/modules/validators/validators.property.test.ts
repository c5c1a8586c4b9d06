import fc from "fast-check";
import { expect, it } from "vitest";
import { expectDone, testAccount } from "../../testing/actors.ts";
import { type TestChain, testKey } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { balanceOf } from "../tokens/index.ts";
import { bondedBy, rewardsLeft } from "./pools.ts";
import type { Settings } from "./settings.ts";
import { currentSet, miners, nodes, puzzle } from "./state.ts";
import {
  bondMessage,
  doubleSignOf,
  foundNetwork,
  keyMessage,
  mine,
  mintShares,
  nodeMessage,
  policyMessage,
  quick,
  readyMessage,
  solveMessage,
  type TestOperator,
  testOperator,
  voteOf,
} from "./testing/scene.ts";
import {
  apply,
  beginBlock,
  createModel,
  epochOf,
  founders,
  holders,
  keyName,
  type Model,
  nextKey,
  type Operation,
  operation,
  operators,
  policies,
  SHARES,
  worthOf,
} from "./validators.model.ts";

const settings: Settings = { ...quick, unbondingEpochs: 1, epochReward: 37 };
const cast = new Map(operators.map((name) => [name as string, testOperator(name)]));
const ann = testAccount("ann");
const operatorOf = (name: string) => cast.get(name)!;
const holder = (name: string) => cast.get(name) ?? ann;
const keyOf = (name: string, number: number) => (number === 0 ? operatorOf(name).nodeKey : testKey(keyName(name, number)));
const keyNames = new Map(
  operators.flatMap((name) => Array.from({ length: 60 }, (_, at) => [keyOf(name, at).publicKey, keyName(name, at)] as const)),
);

/** The operator with the key that its node has now, as the model has it. */
function nodeOf(model: Model, name: string): TestOperator {
  return { ...operatorOf(name), nodeKey: keyOf(name, model.nodes.get(name)?.key ?? 0) };
}

/** Who signs, and the message, of an operation in the next block. */
function transactionOf(chain: TestChain, model: Model, step: Operation) {
  const [node, by] = [nodeOf(model, step.node), holder(step.by)];
  const fresh = keyOf(step.node, nextKey(model, step.node));
  switch (step.kind) {
    case "bond":
    case "unbond":
      return { by, message: bondMessage(step.kind, { node, by, amount: step.amount }) };
    case "withdraw":
      return { by, message: { type: "validators.withdraw", value: { organisation: node.account, account: by.account } } };
    case "fund":
      return { by, message: { type: "validators.fundRewards", value: { account: by.account, amount: 50 } } };
    case "setPolicy":
      return {
        by: [...cast.values()],
        message: policyMessage({ ...settings, policy: policies[step.policy]!, minValidators: step.minValidators }),
      };
    case "ready":
      return { by, message: readyMessage(node, model.height) };
    case "register":
    case "replaceKey":
      return { by: node, message: keyMessage(step.kind, node, fresh) };
    case "leave":
    case "unjail":
      return { by: node, message: nodeMessage(step.kind, node) };
    case "solve":
      return { by: node, message: solveMessage(node, solutions(chain, node, step.count)) };
    default:
      return undefined;
  }
}

function solutions(chain: TestChain, node: TestOperator, count: number): number[] {
  const present = puzzle.get(chain.ledger, "current");
  if (!present) return Array.from({ length: count }, (_, nonce) => nonce);
  const miner = miners.get(chain.ledger, node.account);
  const from = (miner?.lastNonce ?? -1) + 1;
  return mine(present, node, { count, from });
}

function ledgerView({ ledger }: TestChain) {
  const powers = currentSet(ledger).map(({ publicKey, power }) => [keyNames.get(publicKey), power] as const);
  return {
    powers: Object.fromEntries(powers),
    nodes: operators.map((name) => nodes.get(ledger, operatorOf(name).account)?.jail?.until ?? nodes.has(ledger, operatorOf(name).account)),
    balances: holders.map((name) => balanceOf(ledger, "shares", holder(name).account)),
    bonded: operators.map((name) => holders.map((by) => bondedBy(ledger, operatorOf(name).account, holder(by).account))),
    rewards: rewardsLeft(ledger),
    difficulty: puzzle.get(ledger, "current")?.difficulty,
  };
}

function modelView(model: Model): ReturnType<typeof ledgerView> {
  return {
    powers: Object.fromEntries(model.powers),
    nodes: operators.map((name) => model.nodes.get(name)?.jail?.until ?? model.nodes.has(name)),
    balances: holders.map((name) => Number(model.balances.get(name))),
    bonded: operators.map((name) => holders.map((by) => Number(worthOf(model.pools.get(name), by)))),
    rewards: Number(model.pot),
    difficulty: model.settings.policy.kind === "work" ? model.difficulty : undefined,
  };
}

/** Block facts of an operation; its transaction, if any, comes in the same block. */
function factsOf(model: Model, { kind, node }: Operation) {
  const name = model.lastKey.has(node) ? node : undefined;
  if (kind === "doubleSign" && name !== undefined)
    return { told: { misbehavior: [doubleSignOf({ nodeKey: keyOf(node, model.lastKey.get(node)!) }, 1)] }, facts: { doubleSign: node } };
  if (kind === "away" && name !== undefined) return { told: { votes: [voteOf(nodeOf(model, node), false)] }, facts: { away: node } };
  return { told: {}, facts: {} };
}

async function runOperation(chain: TestChain, model: Model, step: Operation): Promise<string> {
  for (let i = 0; i < step.wait; i++) {
    beginBlock(model, {});
    await chain.block();
  }
  for (let i = 1; i < (step.kind === "away" ? step.blocks : 1); i++) {
    const { told, facts } = factsOf(model, step);
    chain.facts = told;
    beginBlock(model, facts);
    await chain.block();
  }
  const { told, facts } = factsOf(model, step);
  // A puzzle turns before the transactions of its block: solutions are for the next, so they wait for it.
  if (step.kind === "solve" && (model.height + 1) % quick.epochBlocks === 0) {
    beginBlock(model, {});
    await chain.block();
  }
  const transaction = transactionOf(chain, model, step);
  chain.facts = told;
  beginBlock(model, facts);
  if (!transaction) {
    await chain.block();
    return step.kind;
  }
  const actors = Array.isArray(transaction.by) ? transaction.by : [transaction.by];
  const result = await chain.run(actors, transaction.message);
  const expected = apply(model, step);
  expect(result.refusal?.id, JSON.stringify(step)).toBe(expected);
  return expected ?? step.kind;
}

it("predicts sets, balances and refusals over any history, and replays to the same state", { timeout: modelTimeout(300_000) }, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const chain = await foundNetwork({ founders: founders.map(operatorOf), others: [operatorOf("west")], settings });
    await expectDone(chain.run(ann, ann.create));
    await mintShares(chain, [...cast.values()], new Map(holders.map((name) => [holder(name).account, SHARES])));
    const model = createModel(settings, chain.ledger.height);
    for (const step of operations) {
      seen.add(await runOperation(chain, model, step));
      expect(ledgerView(chain), `after ${JSON.stringify(step)} in epoch ${epochOf(model)}`).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 60, maxLength: 120, size: "max" }), run), modelRuns(8, 3));

  const done = [
    "bond",
    "unbond",
    "withdraw",
    "fund",
    "ready",
    "register",
    "leave",
    "unjail",
    "replaceKey",
    "solve",
    "setPolicy",
    "doubleSign",
    "away",
  ];
  for (const kind of done) expect(seen).toContain(kind);
  for (const name of ["NotBonded", "NothingDue", "AlreadyRegistered", "UnknownNode", "NoPuzzle", "TooPowerful"])
    expect(seen).toContain(`validators/${name}`);
});
