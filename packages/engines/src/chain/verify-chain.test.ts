import { openLedger } from "@galen/ledger/app/ledger";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { tallyVersion } from "@galen/ledger/testing/tally-module";
import { describe, expect, it } from "vitest";
import {
  addTx,
  createTestDisk,
  openTestEngine,
  settled,
  type TestDisk,
  type TestEngine,
  testGenesis,
} from "../embedded/testing/test-engine.ts";
import type { ChainStore } from "./chain-store.ts";
import { replayChain } from "./replay-chain.ts";
import { verifyChain } from "./verify-chain.ts";

/** A chain of nine blocks with successes, refusals and several transactions in one. */
async function createChain(): Promise<{ disk: TestDisk; test: TestEngine }> {
  const disk = createTestDisk();
  const test = await openTestEngine(disk);
  await test.engine.submitAndWait(addTx("a", 900));
  await Promise.all(["a", "b", "c"].map((name) => test.engine.submitAndWait(addTx(name, 100))));
  await Promise.all([addTx("a", 0), addTx("d", 5)].map((tx) => test.engine.submitAndWait(tx)));
  await test.engine.submitAndWait(addTx("e"));
  await settled(test);
  return { disk, test };
}

async function heightsOf(chain: AsyncIterable<{ readonly height: number }>): Promise<number[]> {
  const heights: number[] = [];
  for await (const { height } of chain) heights.push(height);
  return heights;
}

function verify({ store, engine }: TestEngine) {
  return verifyChain({ store, genesis: testGenesis, crypto: portableCrypto, height: engine.status().height });
}

async function entriesOf(kv: KeyValueStore): Promise<(readonly [Uint8Array, Uint8Array])[]> {
  const entries: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const entry of kv.range({ gte: Uint8Array.of(0x62), lt: Uint8Array.of(0x63) })) entries.push(entry);
  return entries;
}

describe("verifyChain", () => {
  it("passes over every block of an untouched chain", async () => {
    const { test } = await createChain();
    const { height } = test.engine.status();
    expect(await heightsOf(verify(test))).toEqual(Array.from({ length: height }, (_, i) => i + 1));
  });

  it("finds every altered byte of blocks, headers, commits, results and validators", { timeout: 120_000 }, async () => {
    const { disk, test } = await createChain();
    const last = test.engine.status().height;
    for (const [key, value] of await entriesOf(disk.kv)) {
      const [kind, height] = [String.fromCharCode(key[1]!), Number(new DataView(key.buffer, key.byteOffset).getBigUint64(2))];
      // Nothing names the last block's results yet; the index of transactions finds, it does not decide.
      if (kind === "t" || (kind === "r" && height === last)) continue;
      // Of one block's results every byte: their events are what lists and logs are made of.
      const step = kind === "r" && height === 2 ? 1 : 1 + Math.floor(value.length / 7);
      for (let at = 0; at < value.length; at += step) {
        const changed = value.slice();
        changed[at]! ^= 1;
        await disk.kv.write([{ key, value: changed }]);
        await expect(heightsOf(verify(test)), `byte ${at} of b${kind} ${height}`).rejects.toThrow(/block|validators|signed/);
      }
      await disk.kv.write([{ key, value: undefined }]);
      await expect(heightsOf(verify(test)), `b${kind} ${height} is missing`).rejects.toMatchObject({ name: "ChainError" });
      await disk.kv.write([{ key, value }]);
    }
    expect(await heightsOf(verify(test))).toHaveLength(last);
  });

  it("does not take another founding for this one", async () => {
    const { test } = await createChain();
    const other = { ...testGenesis, genesisTime: testGenesis.genesisTime + 1 };
    const chain = verifyChain({ store: test.store, genesis: other, crypto: portableCrypto, height: 1 });
    await expect(heightsOf(chain)).rejects.toMatchObject({ code: "BlockAltered" });
  });
});

describe("replayChain", () => {
  const openFreshLedger = () =>
    openLedger({ kv: createMemoryStore(), crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });

  it("comes to the same state and results at every height", async () => {
    const { test } = await createChain();
    const { height } = test.engine.status();
    const replayed = [];
    for await (const block of replayChain({ store: test.store, crypto: portableCrypto, height, openFreshLedger })) replayed.push(block);
    expect(replayed).toHaveLength(height);
    expect(replayed.filter(({ isEqual }) => !isEqual)).toEqual([]);
    expect(replayed.at(-1)!.appHash).toEqual(test.ledger.appHash);
  });

  it("goes by the header that follows a block, which validators signed, and not by what was kept beside it", async () => {
    const { test } = await createChain();
    const { height } = test.engine.status();
    const appHash = new Uint8Array(32);
    const otherRecord: ChainStore["record"] = (at) => (at === 3 ? { ...test.store.record(at)!, appHash } : test.store.record(at));
    const otherHeader: ChainStore["signedHeader"] = (at) => {
      const signed = test.store.signedHeader(at);
      return signed && at === 4 ? { ...signed, header: { ...signed.header, appHash } } : signed;
    };
    async function unequal(store: ChainStore): Promise<number[]> {
      const heights: number[] = [];
      for await (const block of replayChain({ store, crypto: portableCrypto, height, openFreshLedger }))
        if (!block.isEqual) heights.push(block.height);
      return heights;
    }
    expect(await unequal({ ...test.store, record: otherRecord })).toEqual([]);
    expect(await unequal({ ...test.store, signedHeader: otherHeader })).toEqual([3]);
  });

  it("shows where a chain left its rules", async () => {
    const { test } = await createChain();
    const { height } = test.engine.status();
    const ledger = await openFreshLedger();
    const lenient: typeof ledger = {
      ...ledger,
      get height() {
        return ledger.height;
      },
      finalizeBlock: (block) => ledger.finalizeBlock({ ...block, txs: block.txs.slice(1) }),
    };
    const options = { store: test.store, crypto: portableCrypto, height, openFreshLedger: async () => lenient };
    const unequal: number[] = [];
    for await (const block of replayChain(options)) if (!block.isEqual) unequal.push(block.height);
    expect(unequal[0]).toBe(2);
  });
});
