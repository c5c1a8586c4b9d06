import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../crypto/hex.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { expectDone } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestChain, testBytes } from "../../testing/chain.ts";
import { founderShare } from "./policies/work.ts";
import type { WorkPolicy } from "./settings.ts";
import { entropy, puzzle } from "./state.ts";
import {
  east,
  foundNetwork,
  keyMessage,
  mine,
  north,
  policyMessage,
  powersOf,
  quick,
  readyMessage,
  solveMessage,
  south,
  type TestOperator,
  testOperator,
  toNextEpoch,
  voteOf,
} from "./testing/scene.ts";
import { isSolution, retarget, solutionBytes } from "./work.ts";

const miner = testOperator("miner");
const founders = [north, east, south];
const members = [...founders, miner];
const policy: WorkPolicy = {
  ...{ kind: "work", windowEpochs: 3, solutionsPerEpoch: 4, difficulty: 8 },
  ...{ founderBasisPoints: 5_000, fadeEpochs: 5 },
};

/** Three founders whose share fades, and a miner whose node is registered. */
async function foundMining(epochBlocks = quick.epochBlocks): Promise<TestChain> {
  const chain = await foundNetwork({ founders, others: [miner], settings: { policy, epochBlocks, readinessBlocks: 100 } });
  await expectDone(chain.run(miner, keyMessage("register", miner)));
  await expectDone(chain.run(miner, readyMessage(miner, chain.ledger.height)));
  return chain;
}

const present = (chain: TestChain) => puzzle.get(chain.ledger, "current")!;

describe("solutions", () => {
  it("are refused unless they are fresh, ascending, and solve this epoch's puzzle for this key", async () => {
    const chain = await foundMining(100);
    const nonces = mine(present(chain), miner, { count: 6 });
    const stolen = mine(present(chain), miner, { count: 20 }).find((nonce) => !mine(present(chain), north, { count: 60 }).includes(nonce))!;
    const run = async (by: TestOperator, ...list: readonly number[]) => (await chain.run(by, solveMessage(by, list))).refusal?.id;
    expect((await chain.run(north, solveMessage(miner, nonces))).refusal?.id).toBe("validators/NotOperator");
    expect(await run(miner, nonces[1]!, nonces[0]!)).toBe("validators/NotAscending");
    expect(await run(miner, nonces[0]!, nonces[0]!)).toBe("validators/NotAscending");
    expect(await run(north, stolen)).toBe("validators/WrongSolution");
    expect(await run(miner, nonces[0]!, nonces[1]!)).toBeUndefined();
    expect(await run(miner, nonces[1]!)).toBe("validators/NotAscending");
    expect(await run(miner, nonces[2]!)).toBeUndefined();
    expect(ask(chain, "validators.puzzle", { organisation: miner.account })).toMatchObject({
      epoch: 0,
      puzzle: { solutions: 3 },
      lastNonce: nonces[2],
    });
    await chain.checkInvariants();
  });

  it("of an epoch before are worth nothing in the next, and the challenge comes from blocks that were not there", async () => {
    const chain = await foundMining();
    const before = present(chain);
    const nonces = mine(before, miner, { count: 30 });
    chain.facts = { hash: testBytes("a block") };
    await toNextEpoch(chain);
    const after = present(chain);
    expect(after.challenge).not.toBe(before.challenge);
    const old = nonces.filter((nonce) => !isSolution(hashOf(after.challenge, nonce), after.difficulty));
    expect((await chain.run(miner, solveMessage(miner, old.slice(0, 1)))).refusal?.id).toBe("validators/WrongSolution");
  });

  it("fill an epoch at eight times what it aims at", async () => {
    const chain = await foundMining();
    const nonces = mine(present(chain), miner, { count: 33 });
    expect((await chain.run(miner, solveMessage(miner, nonces))).refusal?.id).toBe("validators/EpochFull");
    await expectDone(chain.run(miner, solveMessage(miner, nonces.slice(0, 32))));
    expect((await chain.run(miner, solveMessage(miner, nonces.slice(32)))).refusal?.id).toMatch(/validators\/(EpochFull|WrongSolution)/);
  });

  it("elect the next set, beside the founders' share, and count as long as the window", async () => {
    const chain = await foundMining();
    await toNextEpoch(chain);
    await expectDone(chain.run(miner, solveMessage(miner, mine(present(chain), miner, { count: 4 }))));
    await toNextEpoch(chain);
    // A step: three tenths of the way that would lead to 70 % for the miner.
    expect(powersOf(chain, members)).toMatchObject({ miner: 300_000 });
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toMatchObject({ miner: 600_000 });
    await toNextEpoch(chain);
    expect(powersOf(chain, members)).toMatchObject({ miner: 900_000 });
    const { events } = await toNextEpoch(chain);
    expect(events.map(({ data }) => data)).toEqual([{ epoch: 5, alarm: "no-candidate" }]);
    await chain.checkInvariants();
    await chain.checkReplay();
  });
});

describe("a miner", () => {
  /** Every nonce solves, however many come. */
  const easy: WorkPolicy = { ...policy, windowEpochs: 64, solutionsPerEpoch: 4_096, difficulty: 1 };
  const foundEasy = () => foundNetwork({ founders, others: [miner], settings: { policy: easy } });
  const solutionsOf = (chain: TestChain) =>
    (ask(chain, "validators.node", { organisation: north.account }) as { solutions: number }).solutions;

  it("begins at nonce 0, in every epoch anew, and is told how many count", async () => {
    const chain = await foundEasy();
    for (let epoch = 0; epoch < 2; epoch++) {
      const { events } = await expectDone(chain.run(north, solveMessage(north, [0, 7])));
      expect(events).toMatchObject([{ type: "validators.solved", data: { organisation: north.account, epoch, solutions: 2 } }]);
      await toNextEpoch(chain);
    }
    expect(solutionsOf(chain)).toBe(4);
  });

  it("has every nonce of a message checked", async () => {
    const chain = await foundMining();
    const [nonce] = mine(present(chain), miner, { count: 1 }) as [number];
    let wrong = nonce + 1;
    while (isSolution(hashOf(present(chain).challenge, wrong), present(chain).difficulty)) wrong += 1;
    expect((await chain.run(miner, solveMessage(miner, [nonce, wrong]))).refusal?.id).toBe("validators/WrongSolution");
  });

  it("finds nothing that counts in jail", async () => {
    const chain = await foundEasy();
    for (let missed = 0; missed < quick.downtime.maxMissed; missed++) {
      chain.facts = { votes: [voteOf(north, false)] };
      await chain.block();
    }
    expect((await chain.run(north, solveMessage(north, [0]))).refusal?.id).toBe("validators/Jailed");
  });

  it("mines for longer than the longest window, in which all its epochs count", async () => {
    const chain = await foundEasy();
    for (let epoch = 0; epoch < 66; epoch++) {
      await expectDone(chain.run(north, solveMessage(north, [0])));
      await toNextEpoch(chain);
    }
    expect(solutionsOf(chain)).toBe(64);
  });
});

function hashOf(challenge: string, nonce: number): Uint8Array {
  return portableCrypto.sha256(solutionBytes({ challenge, publicKey: miner.nodeKey.publicKey, nonce }));
}

describe("a hash", () => {
  const cases: readonly (readonly [hash: string, difficulty: number, solves: boolean])[] = [
    ["ff".repeat(32), 1, true],
    ["ff".repeat(32), 2, false],
    [`7f${"ff".repeat(31)}`, 2, true],
    [`80${"00".repeat(31)}`, 2, false],
    [`00${"00".repeat(30)}01`, 2 ** 48, true],
    [`0000000000010${"0".repeat(51)}`, 2 ** 48, false],
  ];
  it.each(cases)("%s at difficulty %i solves: %s", (hash, difficulty, solves) => {
    expect(isSolution(hexToBytes(hash)!, difficulty)).toBe(solves);
  });
});

describe("the difficulty", () => {
  const cases: readonly (readonly [name: string, difficulty: number, solutions: number, next: number])[] = [
    ["stays when as many came as it aims at", 1_000, 4, 1_000],
    ["follows what came", 1_000, 6, 1_500],
    ["rises by four at most", 1_000, 32, 4_000],
    ["falls to a quarter at most", 1_000, 0, 250],
    ["is one at least", 1, 0, 1],
    ["ends at 2^48", 2 ** 48, 8, 2 ** 48],
  ];
  it.each(cases)("%s", (_name, difficulty, solutions, next) => {
    expect(retarget({ difficulty, solutions }, policy)).toBe(next);
  });
});

it("the founders' share fades evenly to nothing", () => {
  expect([0, 1, 4, 5, 99].map((epochs) => founderShare(policy, epochs))).toEqual([5_000n, 4_000n, 1_000n, 0n, 0n]);
});

it("work can be decided on a running chain: who has power then are the founders, and the puzzle is gone after it", async () => {
  const chain = await foundNetwork({ founders: members });
  await expectDone(chain.run(members, policyMessage({ policy })));
  await toNextEpoch(chain);
  expect(present(chain).founders).toHaveLength(4);
  expect(powersOf(chain, members)).toEqual(Object.fromEntries(members.map(({ name }) => [name, 1])));
  await expectDone(chain.run(members, policyMessage({ policy: { kind: "equal" } })));
  await toNextEpoch(chain);
  expect([puzzle.has(chain.ledger, "current"), entropy.has(chain.ledger, "current")]).toEqual([false, false]);
  expect((await chain.run(miner, solveMessage(miner, [1]))).refusal?.id).toBe("validators/NoPuzzle");
  await chain.checkInvariants();
  await chain.checkReplay();
});

it("who has a node without power when work begins is no founder", async () => {
  const chain = await foundNetwork({ founders, others: [miner] });
  await expectDone(chain.run(miner, keyMessage("register", miner)));
  await expectDone(chain.run(members, policyMessage({ policy })));
  await toNextEpoch(chain);
  expect(present(chain).founders).toEqual(founders.map(({ account }) => account).toSorted());
});

it("work whose numbers change goes on: the next puzzle, with the founders and the difficulty of before", async () => {
  const chain = await foundMining();
  const before = present(chain);
  await expectDone(chain.run(miner, solveMessage(miner, mine(before, miner, { count: 8 }))));
  await expectDone(
    chain.run(members, policyMessage({ policy: { ...policy, difficulty: 1_000, solutionsPerEpoch: 8 }, readinessBlocks: 100 })),
  );
  await toNextEpoch(chain);
  expect(present(chain)).toMatchObject({ founders: before.founders, difficulty: before.difficulty, solutions: 0 });
  expect(present(chain).challenge).not.toBe(before.challenge);
});

describe("the challenge of an epoch", () => {
  /** The challenge after two epochs in which one block, counted from the first of them, has another hash. */
  async function challengeWith(changed?: number): Promise<string> {
    const chain = await foundNetwork({ founders, settings: { policy } });
    await toNextEpoch(chain);
    for (let block = 1; block <= 2 * quick.epochBlocks; block++) {
      chain.facts = { hash: testBytes(block === changed ? "another block" : `block ${block}`) };
      await chain.block();
    }
    return present(chain).challenge;
  }

  it("comes from the last four blocks before it and the one that begins it, and from no other", async () => {
    const expected = await challengeWith();
    const counting: number[] = [];
    for (let block = 1; block <= 2 * quick.epochBlocks; block++) if ((await challengeWith(block)) !== expected) counting.push(block);
    expect(counting).toEqual([12, 13, 14, 15, 16]);
  });
});

it("an idle chain comes to rest: most blocks of an epoch change nothing by themselves", async () => {
  const chain = await foundNetwork({ founders, settings: { policy } });
  await toNextEpoch(chain);
  const roots: string[] = [];
  for (let i = 0; i < quick.epochBlocks; i++) roots.push(String((await chain.block()).appHash));
  // Blocks 1 to 3 of the epoch leave the state as its first block made it; then four hashes are gathered, and the next challenge is made.
  expect(new Set(roots.slice(0, 3)).size).toBe(1);
  expect(new Set(roots).size).toBe(6);
});
