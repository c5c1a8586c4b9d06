import { fromMilliseconds, toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { testKey } from "@galen/ledger/testing/chain";
import { imagedHeight } from "@galen/ledger/testing/imaged-height";
import { totals } from "@galen/ledger/testing/tally-module";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SealedBlock } from "../chain/sealed-block.ts";
import type { LastSigned } from "./last-signed.ts";
import {
  addTx,
  createTestDisk,
  GENESIS_TIME,
  openTestEngine,
  settled,
  signedTx,
  testGenesis,
  validatorKey,
} from "./testing/test-engine.ts";

describe("sealing", () => {
  it("founds the chain with a block of its own, so that the first state can be proved", async () => {
    const test = await openTestEngine(createTestDisk());
    await settled(test);
    expect(test.engine.status()).toMatchObject({ chainId: "engine-test", height: 1, pool: { txs: 0, bytes: 0 } });
    expect(test.engine.header(1)!.appHash).toEqual(test.engine.status().appHash);
  });

  it("executes a transaction and seals one more block that names the state after it", async () => {
    const test = await openTestEngine(createTestDisk());
    const outcome = await test.engine.submitAndWait(addTx("a", 7));
    expect(outcome).toMatchObject({ kind: "executed", height: 2, index: 0, result: { code: 0, refusal: undefined } });
    await settled(test);
    expect(test.engine.status().height).toBe(3);
    expect(test.engine.header(3)!.appHash).toEqual(test.ledger.appHash);
    expect(totals.get(test.ledger, "a")).toEqual({ total: 7 });
  });

  it("puts all that arrived together into one block, in order", async () => {
    const test = await openTestEngine(createTestDisk());
    await settled(test);
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => test.engine.submitAndWait(addTx(`t${i}`))));
    expect(outcomes.map((outcome) => outcome.kind === "executed" && [outcome.height, outcome.index])).toEqual(
      outcomes.map((_, i) => [2, i]),
    );
  });

  describe("while signatures are verified", () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    const turns = async () => {
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    };

    /** Submits transactions, each of which is on its way to the pool until its verdict is given. No timer runs by itself. */
    async function verifying(count: number) {
      const verdicts = Array.from({ length: count }, () => Promise.withResolvers<boolean>());
      let asked = 0;
      const test = await openTestEngine(createTestDisk(), { verifySignatures: () => verdicts[asked++]!.promise });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const ends = verdicts.map((_, i) => {
        const outcome = test.engine.submitAndWait(addTx(`t${i}`));
        return outcome.then((end) => (end.kind === "executed" ? end.height : end.result.refusal?.id));
      });
      return { verdicts, ends };
    }

    it("holds a block back until no more are on their way to it than are in it", async () => {
      const { verdicts, ends } = await verifying(4);
      for (const { resolve } of verdicts.slice(0, 2)) {
        resolve(true);
        await turns();
      }
      expect(await Promise.all(ends.slice(0, 2))).toEqual([2, 2]);
      for (const { resolve } of verdicts) resolve(true);
      expect(await Promise.all(ends)).toEqual([2, 2, 3, 3]);
    });

    it("does not hold it back for more than 512", async () => {
      const { verdicts, ends } = await verifying(1_100);
      for (const { resolve } of verdicts.slice(0, 512)) resolve(true);
      expect(await Promise.all(ends.slice(0, 512))).toEqual(Array(512).fill(2));
      for (const { resolve } of verdicts) resolve(true);
      await Promise.all(ends);
    });

    it("does not hold it back for what is refused", async () => {
      const { verdicts, ends } = await verifying(3);
      for (const [i, { resolve }] of verdicts.entries()) {
        resolve(i === 0);
        await turns();
      }
      expect(await Promise.all(ends)).toEqual([2, "tx/BadSignature", "tx/BadSignature"]);
    });

    it("does not hold it back for ever when verdicts do not come", async () => {
      const { verdicts, ends } = await verifying(3);
      verdicts[0]!.resolve(true);
      await turns();
      vi.advanceTimersByTime(100);
      expect(await ends[0]).toBe(2);
      for (const { resolve } of verdicts) resolve(true);
      expect(await Promise.all(ends)).toEqual([2, 3, 3]);
    });
  });

  it("fills a block to its limit and no further", async () => {
    const test = await openTestEngine(createTestDisk());
    const limit = { type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } };
    await test.engine.submitAndWait(signedTx("ann", [limit]));
    await settled(test);
    const outcomes = await Promise.all([0, 1, 2].map((i) => test.engine.submitAndWait(addTx(`t${i}`, 1, { padding: 30_000 }))));
    const heights = outcomes.map((outcome) => outcome.kind === "executed" && outcome.height);
    expect(heights).toEqual([4, 4, 5]);
    expect(test.store.blockBytes(4)!.length).toBeLessThanOrEqual(65_536);
  });

  it("keeps its promise of an empty block after an interval without any", async () => {
    const test = await openTestEngine(createTestDisk(), { settings: { emptyBlockIntervalMs: 20 } });
    const third = Promise.withResolvers<SealedBlock>();
    let heard = 0;
    test.engine.subscribe((block) => ++heard === 3 && third.resolve(block));
    expect((await third.promise).txs).toEqual([]);
    await test.engine.stop();
  });

  it.each([
    ["no block", 59_000, 0],
    ["blocks that bring the time up", 86_400_000, 2],
  ])("seals %s when it opens so long after the last: %d ms", async (_, pauseMs, blocks) => {
    const disk = createTestDisk();
    const before = await openTestEngine(disk);
    await before.engine.stop();
    const { height } = before.engine.status();
    const now = before.ledger.time + pauseMs;
    const settings = { emptyBlockIntervalMs: 60_000 };
    const { engine, ledger } = await openTestEngine(disk, { settings, clock: () => fromMilliseconds(now) });
    expect([engine.status().height, ledger.time === now]).toEqual([height + blocks, blocks > 0]);
    await engine.stop();
  });

  it("keeps its promise of an interval between blocks with transactions", async () => {
    const test = await openTestEngine(createTestDisk(), { settings: { blockIntervalMs: 50 } });
    // From before the first to after the last: however slow the machine is, it only gets longer.
    const startedAt = performance.now();
    for (let i = 0; i < 5; i++) await test.engine.submitAndWait(addTx("a"));
    expect(performance.now() - startedAt).toBeGreaterThan(4 * 50 - 5); // timers may fire a millisecond early
  });

  it("tells subscribers of every durable block in order, until they stop listening", async () => {
    const test = await openTestEngine(createTestDisk());
    const heard: SealedBlock[] = [];
    const stop = test.engine.subscribe((block) => {
      expect(test.store.signedHeader(block.height)).toEqual({ header: block.header, commit: block.commit });
      heard.push(block);
    });
    await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    stop();
    await test.engine.submitAndWait(addTx("a"));
    expect(heard.map(({ height, txs }) => [height, txs.length])).toEqual([
      [2, 1],
      [3, 0],
    ]);
    expect(heard[0]!.record.txResults[0]!.events).toMatchObject([{ type: "tally.added", data: { name: "a", total: 1 } }]);
  });

  it("keeps results, events and refusals as they were", async () => {
    const test = await openTestEngine(createTestDisk());
    const live: SealedBlock[] = [];
    test.engine.subscribe((block) => live.push(block));
    const bytes = [addTx("a", 600), addTx("b", 1_000)];
    await Promise.all(bytes.map((tx) => test.engine.submitAndWait(tx)));
    await settled(test);
    expect(test.engine.results(2)).toEqual(live.find(({ height }) => height === 2)!.record);
    expect(test.engine.block(2)!.data.txs).toEqual(bytes);
    expect(test.engine.tx(bytesToHex(new Uint8Array(32)))).toBeUndefined();
    expect([test.engine.block(9), test.engine.header(9), test.engine.commit(9), test.engine.results(9)]).toEqual(Array(4).fill(undefined));
  });
});

describe("block time", () => {
  it("is the genesis time at first, then the vote's, at least 1 ms later each", async () => {
    const test = await openTestEngine(createTestDisk());
    await settled(test);
    for (let i = 0; i < 3; i++) await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    const times = Array.from(
      { length: test.engine.status().height },
      (_, i) => toMilliseconds(test.engine.header(i + 1)!.time) - GENESIS_TIME,
    );
    expect(times.slice(0, 4)).toEqual([0, 1_000, 1_001, 1_002]);
    for (const [i, time] of times.entries()) if (i > 0) expect(time).toBeGreaterThan(times[i - 1]!);
  });

  it("is brought up by empty blocks before a transaction that comes after a long pause", async () => {
    const test = await openTestEngine(createTestDisk());
    await settled(test);
    test.now += 3_600_000;
    const outcome = await test.engine.submitAndWait(addTx("a", 1, { expiresAt: test.now + 600_000 }));
    expect(outcome).toMatchObject({ kind: "executed", height: 4, time: test.now + 1, result: { code: 0 } });
  });

  it("is not chased when the clock was ahead for a moment", async () => {
    const test = await openTestEngine(createTestDisk());
    test.now += 3_600_000;
    const pending = test.engine.submitAndWait(addTx("a"));
    test.now -= 3_600_000;
    expect(await pending).toMatchObject({ kind: "executed" });
    await settled(test);
    expect(test.engine.status().height).toBeLessThan(8);
  });

  it("does not go back with the clock", async () => {
    const test = await openTestEngine(createTestDisk());
    await settled(test);
    test.now -= 3_600_000;
    await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    expect(toMilliseconds(test.engine.header(3)!.time)).toBe(GENESIS_TIME + 1_001);
  });
});

describe("the pool", () => {
  it("takes the same bytes once, and refuses them after their execution", async () => {
    const test = await openTestEngine(createTestDisk());
    const tx = addTx("a", 400);
    const twice = await Promise.all([test.engine.submitAndWait(tx), test.engine.submitAndWait(tx.slice())]);
    expect(twice[0]).toEqual(twice[1]);
    expect(await test.engine.submit(tx)).toMatchObject({ kind: "refused", result: { refusal: { id: "tx/Replayed", status: 409 } } });
    expect(totals.get(test.ledger, "a")).toEqual({ total: 400 });
  });

  it.each([
    ["bytes that are no transaction", () => Uint8Array.of(1, 2, 3), "tx/Malformed"],
    ["what its module refuses", () => addTx("a", 1_000), "tally/TooMuch"],
    ["an expired transaction", () => addTx("b", 1, { expiresAt: GENESIS_TIME }), "tx/Expired"],
  ])("does not admit %s", async (_, tx, id) => {
    const test = await openTestEngine(createTestDisk());
    await test.engine.submitAndWait(addTx("a", 1));
    await settled(test);
    const height = test.engine.status().height;
    const bytes = tx();
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await test.engine.submitAndWait(bytes)).toMatchObject({ kind: "refused", result: { refusal: { id } } });
    await settled(test);
    expect(test.engine.status()).toMatchObject({ height, pool: { txs: 0, bytes: 0 } });
  });

  it.each([
    ["more transactions than its limit", { maxPoolTxs: 3 }],
    ["more bytes than its limit", { maxPoolBytes: 3 * addTx("t").length }],
  ])("refuses %s, and says when to come again", async (_, settings) => {
    const test = await openTestEngine(createTestDisk(), { settings });
    const outcomes = await Promise.all(Array.from({ length: 5 }, (_, i) => test.engine.submit(addTx(`${i}`))));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["pending", "pending", "pending", "refused", "refused"]);
    expect(outcomes[4]!.result.refusal).toMatchObject({
      id: "engine/PoolFull",
      status: 503,
      details: { retryAfterMs: expect.any(Number) },
    });
    await settled(test);
    expect(await test.engine.submitAndWait(addTx("later"))).toMatchObject({ kind: "executed" });
  });

  it("refuses what no block can hold", async () => {
    const test = await openTestEngine(createTestDisk());
    await test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } }]));
    const outcome = await test.engine.submit(addTx("a", 1, { padding: 64_800 }));
    expect(outcome.result.refusal).toMatchObject({ id: "engine/TooLargeForBlock", status: 413 });
  });

  it("gives up what no block can hold any more, and goes on with the others", async () => {
    const disk = createTestDisk();
    const written = Promise.withResolvers<void>();
    let isHeld = false;
    const write = async (vote: LastSigned) => {
      if (isHeld) await written.promise;
      disk.vote = vote;
    };
    const test = await openTestEngine(disk, { lastSigned: { read: async () => disk.vote, write } });
    isHeld = true;
    const lowered = test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } }]));
    const { height } = test.ledger;
    while (test.ledger.height === height) await new Promise((resolve) => setImmediate(resolve));
    // The block that lowers the limit is executed, and not durable yet.
    const large = test.engine.submitAndWait(addTx("a", 1, { padding: 64_800 }));
    const small = test.engine.submitAndWait(addTx("b"), { timeoutMs: 10_000 });
    written.resolve();
    expect(await lowered).toMatchObject({ kind: "executed" });
    expect(await small).toMatchObject({ kind: "executed" });
    await expect(large).rejects.toMatchObject({ kind: { id: "engine/TooLargeForBlock" }, details: { maxBytes: 64_694 } });
  });

  it("runs what waits again after each block, and tells those who wait for what no longer passes", async () => {
    const test = await openTestEngine(createTestDisk());
    await test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } }]));
    await settled(test);
    // The first fills a block; its time is the last vote's, so what expires before that is refused when it would be run in the next.
    const expiresAt = test.now + 3;
    const first = test.engine.submitAndWait(addTx("a", 1, { padding: 50_000 }));
    const second = test.engine.submitAndWait(addTx("b", 1, { padding: 50_000 }));
    const third = test.engine.submitAndWait(addTx("c", 1, { padding: 50_000, expiresAt }));
    await expect(third).rejects.toMatchObject({ kind: { id: "engine/Dropped" }, details: { refusal: "tx/Expired" } });
    expect([await first, await second]).toMatchObject([{ kind: "executed" }, { kind: "executed" }]);
    expect(totals.get(test.ledger, "c")).toBeUndefined();
  });

  it("gives up what waits and our own code fails on, says why, and goes on with the others", async () => {
    const reported: unknown[] = [];
    const test = await openTestEngine(createTestDisk(), { report: (error) => void reported.push(error) });
    await test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setBlockLimit", value: { maxBlockBytes: 65_536 } }]));
    await settled(test);
    const first = test.engine.submitAndWait(addTx("a", 1, { padding: 50_000 }));
    const poison = addTx("b", 1, { padding: 50_000 });
    const second = test.engine.submitAndWait(poison);
    const third = test.engine.submitAndWait(addTx("c", 1, { padding: 50_000 }));
    const checkSoundly = test.ledger.checkTx;
    test.ledger.checkTx = (prepared) => {
      if (bytesToHex(prepared.bytes) === bytesToHex(poison)) throw new RangeError("an error of our own");
      return checkSoundly(prepared);
    };
    await expect(second).rejects.toMatchObject({ kind: { id: "engine/Dropped" }, details: { refusal: "engine/CheckFailed" } });
    expect([await first, await third]).toMatchObject([{ kind: "executed" }, { kind: "executed" }]);
    expect(reported).toMatchObject([{ message: "an error of our own" }]);
    expect(test.engine.health().state).toBe("running");
  });
});

describe("waiting", () => {
  it("ends at its limit, by time or signal, without harm to the transaction", async () => {
    const disk = createTestDisk();
    const released = Promise.withResolvers<void>();
    let isHeld = false;
    const write = async (vote: LastSigned) => {
      if (isHeld) await released.promise;
      disk.vote = vote;
    };
    const test = await openTestEngine(disk, { lastSigned: { read: async () => disk.vote, write } });
    await settled(test);
    isHeld = true;
    const { txHash } = await test.engine.submit(addTx("a"));
    await expect(test.engine.waitFor(txHash, { timeoutMs: 1 })).rejects.toMatchObject({ kind: { id: "engine/StillPending" } });
    await expect(test.engine.waitFor(txHash, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: { id: "engine/StillPending" },
    });
    expect(test.engine.isPending(txHash)).toBe(true);
    released.resolve();
    expect(await test.engine.waitFor(txHash)).toMatchObject({ txHash, result: { code: 0 } });
    expect(test.engine.isPending(txHash)).toBe(false);
    expect(await test.engine.waitFor(txHash)).toMatchObject({ txHash, result: { code: 0 } });
  });

  it("is refused for a transaction that nobody has seen", async () => {
    const test = await openTestEngine(createTestDisk());
    await expect(test.engine.waitFor("ab".repeat(32))).rejects.toMatchObject({ kind: { id: "engine/UnknownTransaction", status: 404 } });
  });
});

describe("stopping", () => {
  it("seals what waits, refuses what comes, and resumes where it was", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    const pending = test.engine.submitAndWait(addTx("a", 5));
    await new Promise((resolve) => setImmediate(resolve));
    await test.engine.stop();
    expect(await pending).toMatchObject({ kind: "executed" });
    expect(test.engine.health().state).toBe("stopped");
    expect(await test.engine.submit(addTx("a"))).toMatchObject({
      kind: "refused",
      result: { refusal: { id: "engine/Stopping", status: 503 } },
    });

    const again = await openTestEngine(disk);
    expect(again.engine.status()).toEqual(test.engine.status());
    expect(await again.engine.submitAndWait(addTx("a", 5))).toMatchObject({ kind: "executed", result: { code: 0 } });
    expect(totals.get(again.ledger, "a")).toEqual({ total: 10 });
  });

  it("spares the next opening the log of the state tree, a crash does not", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    await test.engine.submitAndWait(addTx("a"));
    expect(imagedHeight(disk.kv)).toBeUndefined();
    await test.engine.stop();
    expect(imagedHeight(disk.kv)).toBe(test.engine.status().height);
  });

  it("says so when it can write that no more, though all blocks are on the disk", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    disk.crash = { block: false, vote: false };
    await test.engine.stop();
    expect(await test.engine.failure).toMatchObject({
      code: "WriteFailed",
      message: expect.stringContaining("all blocks are on the disk"),
    });
  });

  it("refuses a transaction that waits for fresh block time", async () => {
    const test = await openTestEngine(createTestDisk());
    test.now += 3_600_000;
    const pending = test.engine.submit(addTx("a"));
    await test.engine.stop();
    expect(await pending).toMatchObject({ kind: "refused", result: { refusal: { id: "engine/Stopping" } } });
  });

  it("happens by itself when the disk fails, and nothing unwritten is acknowledged", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    await test.engine.submitAndWait(addTx("a", 1));
    await settled(test);
    disk.crash = { block: false, vote: true };
    await expect(test.engine.submitAndWait(addTx("a", 2))).rejects.toMatchObject({ kind: { id: "engine/StorageFailed", status: 503 } });
    expect(test.engine.health()).toMatchObject({ state: "failed", refusal: { kind: { id: "engine/StorageFailed" } } });
    expect(await test.engine.failure).toMatchObject({ code: "WriteFailed", cause: { message: "the process died" } });
    expect(await test.engine.submit(addTx("a"))).toMatchObject({ kind: "refused", result: { refusal: { id: "engine/StorageFailed" } } });
    await test.engine.stop();
    expect(test.engine.health().state).toBe("failed");
  });

  it("is heard also by who asks afterwards what became of a transaction that had waited", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    disk.crash = { block: false, vote: true };
    const { txHash } = await test.engine.submit(addTx("a"));
    await test.engine.failure;
    await expect(test.engine.waitFor(txHash, { timeoutMs: 100 })).rejects.toMatchObject({ kind: { id: "engine/StorageFailed" } });
  });
});

describe("validators", () => {
  it("names a change of its own power in the headers from two blocks later", async () => {
    const test = await openTestEngine(createTestDisk());
    const set = { validators: [{ publicKey: validatorKey.publicKey, power: 25 }] };
    await test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setValidators", value: set }]));
    await test.engine.submitAndWait(addTx("a"));
    await settled(test);
    const powers = await Promise.all([1, 2, 3, 4].map(async (height) => (await test.engine.validators(height))![0]!.power));
    expect(powers).toEqual([10n, 10n, 10n, 25n]);
    expect(test.engine.header(3)!.nextValidatorsHash).toEqual(test.engine.header(4)!.validatorsHash);
    expect(test.engine.header(3)!.validatorsHash).not.toEqual(test.engine.header(4)!.validatorsHash);
    expect([await test.engine.validators(0), await test.engine.validators(test.engine.status().height + 3)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("stops when another key would have to sign, and does not open again", async () => {
    const disk = createTestDisk();
    const test = await openTestEngine(disk);
    const set = { validators: [...testGenesis.validators, { publicKey: testKey("another").publicKey, power: 10 }] };
    await test.engine.submitAndWait(signedTx("ann", [{ type: "tally.setValidators", value: set }]));
    await settled(test);
    await expect(test.engine.submitAndWait(addTx("a"))).rejects.toMatchObject({ kind: { id: "engine/NotValidator", status: 503 } });
    expect(await test.engine.failure).toMatchObject({ kind: { id: "engine/NotValidator" } });
    expect(test.engine.health().state).toBe("failed");
    await test.engine.stop();
    await expect(openTestEngine(disk)).rejects.toMatchObject({ kind: { id: "engine/NotValidator" } });
  });
});
