import { openLedger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion, totals } from "@galen/ledger/testing/tally-module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExecutedTx } from "../chain/chain-store.ts";
import { replayChain } from "../chain/replay-chain.ts";
import { verifyChain } from "../chain/verify-chain.ts";
import { addTx, createTestDisk, openTestEngine, settled, type TestEngine, testGenesis } from "./testing/test-engine.ts";

/** Which writes of a block a crash leaves behind. */
const crashes = [
  { block: false, vote: false },
  { block: false, vote: true },
  { block: true, vote: false },
  { block: true, vote: true },
] as const;

/** Every acknowledged transaction is there as it was acknowledged; headers, commits and states hold together from the first block on. */
async function expectSound({ engine, store, ledger }: TestEngine, acknowledged: readonly ExecutedTx[]): Promise<void> {
  const { height } = engine.status();
  for (const executed of acknowledged) expect(store.tx(executed.txHash)).toEqual(executed);
  for await (const _ of verifyChain({ store, genesis: testGenesis, crypto: portableCrypto, height }));
  const openFreshLedger = () =>
    openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
  for await (const block of replayChain({ store, crypto: portableCrypto, height, openFreshLedger })) expect(block.isEqual).toBe(true);
  expect(bytesToHex(engine.status().appHash)).toBe(bytesToHex(ledger.appHash));
}

/** Heights at which the key has voted for two blocks. */
function heightsVotedTwice(votes: readonly Uint8Array[]): number[] {
  const byHeight = new Map<number, Set<string>>();
  for (const vote of votes) {
    const height = Number(new DataView(vote.buffer, vote.byteOffset).getBigInt64(4, true)); // length, type 2, tag of sfixed64
    byHeight.set(height, (byHeight.get(height) ?? new Set()).add(bytesToHex(vote)));
  }
  return [...byHeight].filter(([, different]) => different.size > 1).map(([height]) => height);
}

describe("a crash", () => {
  it.each(crashes)("while the first block is written (%o) leaves a chain that goes on", async (crash) => {
    const disk = createTestDisk();
    disk.crash = crash;
    const before = await openTestEngine(disk);
    expect(before.engine.health().state).toBe("failed");
    disk.crash = undefined;
    const after = await openTestEngine(disk);
    const outcome = await after.engine.submitAndWait(addTx("a"));
    expect(outcome).toMatchObject({ kind: "executed", height: 2 });
    await expectSound(after, []);
  });

  it.each(crashes)(
    "while a block with transactions is written (%o) loses none that was acknowledged and votes for no other block",
    async (crash) => {
      const disk = createTestDisk();
      const votes: Uint8Array[] = [];
      const before = await openTestEngine(disk, { votes });
      const acknowledged: ExecutedTx[] = [];
      acknowledge(before, addTx("a", 1), acknowledged);
      await settled(before);
      disk.crash = crash;
      const tx = addTx("a", 10);
      await expect(before.engine.submitAndWait(tx)).rejects.toMatchObject({ kind: { id: "engine/StorageFailed" } });

      disk.crash = undefined;
      const after = await openTestEngine(disk, { votes });
      after.now += 500;
      const isThere = crash.block || crash.vote;
      expect(totals.get(after.ledger, "a")).toEqual({ total: isThere ? 11 : 1 });
      const again = await after.engine.submitAndWait(tx);
      expect(again).toMatchObject(isThere ? { kind: "refused", result: { refusal: { id: "tx/Replayed" } } } : { kind: "executed" });
      expect(totals.get(after.ledger, "a")).toEqual({ total: 11 });
      await settled(after);
      expect(acknowledged).toHaveLength(1);
      await expectSound(after, acknowledged);
      // A vote of which nothing reached the disk has left the process nowhere; the block is then made anew.
      expect(heightsVotedTwice(votes)).toEqual(isThere ? [] : [4]);
    },
  );

  it("is survived again and again, at any point, under any load", { timeout: 120_000 }, async () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant("submit" as const),
          names: fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 }),
          amount: fc.nat(400),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("turns" as const), turns: fc.nat(6) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), milliseconds: fc.nat(5_000) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("fault" as const), crash: fc.constantFrom(...crashes) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("restart" as const), isClean: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const disk = createTestDisk();
        const acknowledged: ExecutedTx[] = [];
        let test = await openTestEngine(disk);
        for (const todo of steps) {
          if (todo.kind === "submit") for (const name of todo.names) acknowledge(test, addTx(name, todo.amount), acknowledged);
          else if (todo.kind === "turns") await eventLoopTurns(todo.turns);
          else if (todo.kind === "wait") test.now += todo.milliseconds;
          else if (todo.kind === "fault") disk.crash = todo.crash;
          else {
            if (todo.isClean) await test.engine.stop();
            disk.crash = undefined;
            test = Object.assign(await openTestEngine(disk), { now: test.now });
          }
        }
        disk.crash = undefined;
        await expectSound(await openTestEngine(disk), acknowledged);
      }),
      { numRuns: 100 },
    );
  });
});

/** Submits and notes the answer, if one ever comes. */
function acknowledge({ engine }: TestEngine, tx: Uint8Array, acknowledged: ExecutedTx[]): void {
  engine.submitAndWait(tx).then(
    (outcome) => {
      if (outcome.kind === "executed") acknowledged.push(executedOf(outcome));
    },
    (error: unknown) => expect(error).toMatchObject({ kind: { id: "engine/StorageFailed" } }),
  );
}

async function eventLoopTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function executedOf({ txHash, height, index, time, result }: ExecutedTx): ExecutedTx {
  return { txHash, height, index, time, result };
}

describe("an opening", () => {
  it("refuses a store that is older than the key's last vote", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    const copy = createTestDisk();
    for await (const [key, value] of disk.kv.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(255) }))
      await copy.kv.write([{ key, value }]);
    await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    copy.vote = disk.vote;
    await expect(openTestEngine(copy)).rejects.toMatchObject({ code: "SignedAhead" });
  });

  it("refuses a key that has voted for another block elsewhere", async () => {
    const [here, elsewhere] = [createTestDisk(), createTestDisk()];
    for (const [disk, name] of [
      [here, "a"],
      [elsewhere, "b"],
    ] as const) {
      const test = await openTestEngine(disk);
      await test.engine.submitAndWait(addTx(name));
      await settled(test);
    }
    here.vote = elsewhere.vote;
    await expect(openTestEngine(here)).rejects.toMatchObject({ code: "SignedAnother" });
  });

  it.each<[string, (height: number) => number]>([
    ["the last", (height) => height],
    ["one before", (height) => height - 3],
    ["the first", () => 1],
  ])("refuses a chain without %s of its blocks, and names it", async (_, lostOf) => {
    const disk = createTestDisk();
    const { engine } = await openTestEngine(disk);
    for (let i = 0; i < 3; i++) await engine.submitAndWait(addTx("a"));
    await settled({ engine });
    const lost = lostOf(engine.status().height);
    const header = Buffer.concat([Buffer.from("bh"), Buffer.alloc(8)]);
    header.writeBigUInt64BE(BigInt(lost), 2);
    await disk.kv.write([{ key: header, value: undefined }]);
    const refusal = { code: "BlockMissing", message: expect.stringContaining(`block ${lost} is missing`) };
    await expect(openTestEngine(disk)).rejects.toMatchObject(refusal);
  });

  it("refuses a state that does not belong to the last block", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    await test.engine.submitAndWait(addTx("a"));
    const stolen = createTestDisk();
    for await (const [key, value] of disk.kv.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(255) })) {
      if (key[0] !== 0x62) await stolen.kv.write([{ key, value }]); // all but the blocks
    }
    await expect(openTestEngine(stolen)).rejects.toMatchObject({ code: "BlockMissing" });
  });
});
