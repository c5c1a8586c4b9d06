import { describe, expect, it } from "vitest";
import { bytesToHex } from "../crypto/hex.ts";
import { portableCrypto } from "../crypto/portable.ts";
import { createMemoryStore } from "../store/memory.ts";
import type { SnapshotManifest } from "../store/snapshot.ts";
import { foundingVersion, foundTown, type TestTown, testAccount } from "../testing/actors.ts";
import { noFacts } from "./block-facts.ts";
import { openLedger } from "./ledger.ts";
import { restoreLedger } from "./restore-ledger.ts";

async function takeSnapshot({ chain }: TestTown): Promise<{ manifest: SnapshotManifest; chunks: Uint8Array[] }> {
  const chunks: Uint8Array[] = [];
  const manifest = await chain.ledger.snapshot(async (chunk) => void chunks.push(chunk.slice()));
  return { manifest, chunks };
}

async function restore({ manifest, chunks }: { manifest: SnapshotManifest; chunks: readonly Uint8Array[] }) {
  const kv = createMemoryStore();
  const restored = await restoreLedger({ kv, crypto: portableCrypto, manifest, chunks });
  return { kv, restored, ledger: await openLedger({ kv, crypto: portableCrypto, versions: [foundingVersion] }) };
}

describe("a snapshot of the ledger", () => {
  it("restores to the same root, height and time, and goes on like the first", async () => {
    const town = await foundTown();
    const { restored, ledger } = await restore(await takeSnapshot(town));
    const first = town.chain.ledger;
    expect(restored).toEqual({ chainId: first.chainId, time: first.time });
    expect([ledger.height, ledger.time, bytesToHex(ledger.appHash)]).toEqual([first.height, first.time, bytesToHex(first.appHash)]);

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
    const { ledger } = await restore(await takeSnapshot(town));
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
    ["has a record of another form", ({ chain }) => ({ key: record(minute(chain.now) + 50).subarray(0, 70), value: Buffer.from("1") })],
  ];
  it.each(windows)("is refused when its replay window %s", async (_, tampered) => {
    const town = await foundTown();
    const records: (readonly [Uint8Array, Uint8Array])[] = [];
    for await (const one of town.chain.kv.range({ gte: Buffer.from("x"), lt: Buffer.from("y") })) records.push(one);
    const { key, value } = tampered(town, Buffer.from(records[0]![0]));
    await town.chain.kv.write([{ key, value }]);
    await expect(restore(await takeSnapshot(town))).rejects.toThrow("replay window");
  });

  it("may hold what had expired and was not swept yet", async () => {
    const town = await foundTown();
    await town.chain.kv.write([{ key: record(minute(town.chain.now) - 5), value: Buffer.from("1") }]);
    expect((await restore(await takeSnapshot(town))).ledger.height).toBe(town.chain.ledger.height);
  });

  it("is refused with a flipped bit, and the store then opens for nobody", async () => {
    const { manifest, chunks } = await takeSnapshot(await foundTown());
    const damaged = chunks.map((chunk) => chunk.slice());
    damaged[0]![100]! ^= 1;
    const kv = createMemoryStore();
    await expect(restoreLedger({ kv, crypto: portableCrypto, manifest, chunks: damaged })).rejects.toThrow();
    await expect(openLedger({ kv, crypto: portableCrypto, versions: [foundingVersion] })).rejects.toThrow();
  });
});
