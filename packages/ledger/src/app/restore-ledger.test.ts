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

  it("is refused when its replay window lacks a transaction", async () => {
    const town = await foundTown();
    const records: (readonly [Uint8Array, Uint8Array])[] = [];
    for await (const record of town.chain.kv.range({ gte: Buffer.from("x"), lt: Buffer.from("y") })) records.push(record);
    await town.chain.kv.write([{ key: records[0]![0], value: undefined }]);
    await expect(restore(await takeSnapshot(town))).rejects.toThrow("replay window");
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
