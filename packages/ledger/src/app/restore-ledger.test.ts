import { describe, expect, it } from "vitest";
import { bytesToHex } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { createMemoryStore } from "../store/memory.ts";
import { exportSnapshot, type SnapshotManifest } from "../store/snapshot.ts";
import { foundingVersion, foundTown, type TestTown, testAccount } from "../testing/actors.ts";
import { noFacts } from "./block-facts.ts";
import { openLedger } from "./ledger.ts";
import { ledgerRanges, restoreLedger } from "./restore-ledger.ts";

async function takeSnapshot({ chain }: TestTown): Promise<{ manifest: SnapshotManifest; chunks: Uint8Array[] }> {
  const chunks: Uint8Array[] = [];
  const manifest = await chain.ledger.snapshot(async (chunk) => void chunks.push(chunk.slice()));
  return { manifest, chunks };
}

/** Restores it as what the town's chain has signed. */
async function restore({ chain }: TestTown, { manifest, chunks }: { manifest: SnapshotManifest; chunks: readonly Uint8Array[] }) {
  const kv = createMemoryStore();
  const { time, appHash } = chain.ledger;
  await restoreLedger({ kv, crypto: portableCrypto, manifest, chunks, signedBlock: async () => ({ time, appHash }) });
  return { kv, ledger: await openLedger({ kv, crypto: portableCrypto, versions: [foundingVersion] }) };
}

describe("a snapshot of the ledger", () => {
  it("restores to the same root, height and time, and goes on like the first", async () => {
    const town = await foundTown();
    const { ledger } = await restore(town, await takeSnapshot(town));
    const first = town.chain.ledger;
    expect([ledger.chainId, ledger.height, ledger.time, bytesToHex(ledger.appHash)]).toEqual([
      first.chainId,
      first.height,
      first.time,
      bytesToHex(first.appHash),
    ]);

    const newcomer = testAccount("newcomer");
    const block = { ...noFacts, height: first.height + 1, time: town.chain.now, txs: [town.chain.sign([newcomer], [newcomer.create])] };
    const [there, here] = [first.finalizeBlock(block), ledger.finalizeBlock(block)];
    expect(bytesToHex(here.appHash)).toBe(bytesToHex(there.appHash));
    expect(here.txResults[0]!.code).toBe(0);
  });

  it("still refuses what was executed before it", async () => {
    const town = await foundTown();
    const newcomer = testAccount("newcomer");
    const bytes = town.chain.sign([newcomer], [newcomer.create]);
    await town.chain.block(bytes);
    const { ledger } = await restore(town, await takeSnapshot(town));
    expect(ledger.checkTx(ledger.prepare(bytes)).refusal?.id).toBe("tx/Replayed");
  });

  const minute = (time: number) => Math.floor(time / 60_000);
  const record = (minuteOfExpiry: number) =>
    Buffer.from(`x${minuteOfExpiry.toString(16).padStart(14, "0")}/${bytesToHex(portableCrypto.sha256(new Uint8Array()))}`);
  const windows: readonly [name: string, tampered: (town: TestTown, executed: Uint8Array) => { key: Uint8Array; value?: Uint8Array }][] = [
    ["lacks a transaction", (_, executed) => ({ key: executed })],
    [
      "has one more in a minute in use",
      (_, executed) => ({ key: record(Number.parseInt(String(executed).slice(1, 15), 16)), value: Buffer.from("1") }),
    ],
    // Once somebody sends that transaction, this ledger alone would refuse it, and part from the chain.
    ["has one more in a minute that none has used yet", ({ chain }) => ({ key: record(minute(chain.now) + 50), value: Buffer.from("1") })],
    ["has a height that is no number", (_, executed) => ({ key: executed, value: Buffer.from("zz") })],
    [
      "has a height with more behind it",
      ({ chain }, executed) => ({ key: executed, value: Buffer.from(`${chain.ledger.height.toString(16)}x`) }),
    ],
    [
      "has a height beyond its own",
      ({ chain }, executed) => ({ key: executed, value: Buffer.from((chain.ledger.height + 1).toString(16)) }),
    ],
    ["has a record of another form", ({ chain }) => ({ key: record(minute(chain.now) + 50).subarray(0, 70), value: Buffer.from("1") })],
  ];
  it.each(windows)("is refused when its replay window %s", async (_, tampered) => {
    const town = await foundTown();
    const records: (readonly [Uint8Array, Uint8Array])[] = [];
    for await (const one of town.chain.kv.range({ gte: Buffer.from("x"), lt: Buffer.from("y") })) records.push(one);
    const heightOf = ([, value]: (typeof records)[number]) => Number.parseInt(String.fromCharCode(...value), 16);
    const [latest] = records.toSorted((a, b) => heightOf(b) - heightOf(a));
    const { key, value } = tampered(town, Buffer.from(latest![0]));
    await town.chain.kv.write([{ key, value }]);
    await expect(restore(town, await takeSnapshot(town))).rejects.toThrow("replay window");
  });

  it("is refused when its replay window lacks all transactions", async () => {
    const town = await foundTown();
    for await (const [key] of town.chain.kv.range({ gte: Buffer.from("x"), lt: Buffer.from("y") }))
      await town.chain.kv.write([{ key, value: undefined }]);
    await expect(restore(town, await takeSnapshot(town))).rejects.toThrow("replay window");
  });

  it("may hold what had expired and was not swept yet", async () => {
    const town = await foundTown();
    await town.chain.kv.write([{ key: record(minute(town.chain.now) - 5), value: Buffer.from("1") }]);
    expect((await restore(town, await takeSnapshot(town))).ledger.height).toBe(town.chain.ledger.height);
  });

  it("is the same on nodes that have swept and on those that have not", async () => {
    const town = await foundTown();
    const { manifest } = await takeSnapshot(town);
    await town.chain.kv.write([{ key: record(minute(town.chain.now) - 5), value: Buffer.from("1") }]);
    expect((await takeSnapshot(town)).manifest).toEqual(manifest);
  });

  it("is refused with a state that its block did not lead to", async () => {
    const [town, other] = [await foundTown(), await foundTown()];
    const stranger = testAccount("stranger");
    await town.chain.run(stranger, stranger.create);
    await other.chain.block();
    expect(other.chain.ledger).toMatchObject({ height: town.chain.ledger.height, time: town.chain.ledger.time });
    await expect(restore(other, await takeSnapshot(town))).rejects.toThrow("not the one that its block");
  });

  // All of them lie beside the state, so that the root does not show them.
  const bookkeeping: readonly [name: string, key: string, value: string, refusal: string][] = [
    ["another block time", "m/block-time", "1", "not the one that its block"],
    ["a block time that is no number", "m/block-time", "zz", "damaged"],
    ["a block time with a number in front", "m/block-time", "1x", "damaged"],
    ["a block time beyond exact numbers", "m/block-time", "3fffffffffffff", "damaged"],
    ["a block time with a zero in front", "m/block-time", "01", "damaged"],
    ["more bookkeeping than any ledger has", "m/another", "1", "no ledger writes"],
  ];
  it.each(bookkeeping)("is refused with %s, and the store then opens for nobody", async (_, key, value, refusal) => {
    const town = await foundTown();
    const { time, appHash } = town.chain.ledger;
    await town.chain.kv.write([{ key: Buffer.from(key), value: Buffer.from(value) }]);
    const chunks: Uint8Array[] = [];
    const keep = async (chunk: Uint8Array) => void chunks.push(chunk.slice());
    const source = { kv: town.chain.kv, crypto: portableCrypto, height: town.chain.ledger.height, ranges: ledgerRanges, keep };
    const manifest = await exportSnapshot(source);
    const kv = createMemoryStore();
    const target = { kv, crypto: portableCrypto, manifest, chunks, signedBlock: async () => ({ time, appHash }) };
    await expect(restoreLedger(target)).rejects.toThrow(refusal);
    await expect(openLedger({ kv, crypto: portableCrypto, versions: [foundingVersion] })).rejects.toMatchObject({
      code: "RestoreUnfinished",
    });
  });

  it("is refused with a flipped bit, and the store then opens for nobody", async () => {
    const town = await foundTown();
    const { manifest, chunks } = await takeSnapshot(town);
    const damaged = chunks.map((chunk) => chunk.slice());
    damaged[0]![100]! ^= 1;
    const kv = createMemoryStore();
    const signedBlock = async () => town.chain.ledger;
    await expect(restoreLedger({ kv, crypto: portableCrypto, manifest, chunks: damaged, signedBlock })).rejects.toThrow();
    await expect(openLedger({ kv, crypto: portableCrypto, versions: [foundingVersion] })).rejects.toThrow();
  });
});
