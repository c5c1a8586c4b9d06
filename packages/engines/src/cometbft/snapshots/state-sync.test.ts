import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ledger, openLedger } from "@galen/ledger/app/ledger";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { RECORD_HEAD_BYTES } from "@galen/ledger/store/snapshot";
import { holdsState, restoringWrite, valueKey } from "@galen/ledger/store/state-head";
import { StoreError } from "@galen/ledger/store/store-error";
import { tallyVersion, totals } from "@galen/ledger/testing/tally-module";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addTx, testGenesis } from "../../embedded/testing/test-engine.ts";
import { type Application, ApplyResult, OfferResult, type Snapshot } from "../abci/messages.ts";
import { ledgerBlock } from "../application/ledger-block.ts";
import { isBeginning } from "../chain-start.ts";
import type { CometHost } from "../host.ts";
import { decided } from "../testing/test-consensus.ts";
import { manifestOf, offerOf } from "./offered-snapshot.ts";
import { createSnapshotServer } from "./serve-snapshots.ts";
import { openSnapshotFolder } from "./snapshot-folder.ts";
import { beginFromSnapshot, type StateSyncOptions } from "./state-sync.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-snapshots-"));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (kv = createMemoryStore()) => openLedger({ kv, crypto: portableCrypto, versions: [tallyVersion], genesis: testGenesis });
const txs = [addTx("a", 5), addTx("b", 7, { padding: 1_000 }), addTx("a", 1)];
let folders = 0;

/** A node that has executed the transactions, a block each, and serves the snapshots that it made on the way. */
async function openServing({ intervalBlocks = 3, swept = false } = {}) {
  const ledger = await open();
  folders += 1;
  const snapshots = await openSnapshotFolder(join(folder, `node-${folders}`));
  const report = (error: unknown) => expect.unreachable(String(error));
  const server = createSnapshotServer({ ledger, folder: snapshots, intervalBlocks, sha256: portableCrypto.sha256, report });
  for (const [at, tx] of txs.entries()) {
    ledger.finalizeBlock(ledgerBlock(decided(at + 1, [tx])));
    await ledger.commit();
    if (swept) await ledger.sweep();
    server.committed(at + 1);
    await server.idle();
  }
  return { ledger, application: server.application, folder: snapshots };
}

/** A node that begins: what CometBFT calls, and what comes of it. */
function openJoining({ forgetChain = async () => {}, ...options }: Partial<StateSyncOptions & Pick<CometHost, "forgetChain">> = {}) {
  const kv = options.kv ?? createMemoryStore();
  let application: Application | undefined;
  let isHeld = false;
  const host = {
    serve(served: Application) {
      application = served;
    },
    hold() {
      isHeld = true;
    },
    ready: async () => {},
    forgetChain,
  } as unknown as CometHost;
  const verifiedHeader = async (height: number) => ({ time: decided(height).time });
  const openLedger = () => open(kv);
  const ledger = beginFromSnapshot({ ...{ host, kv, crypto: portableCrypto, verifiedHeader, openLedger }, report: () => {}, ...options });
  ledger.catch(() => {});
  const abci = () => {
    if (isHeld) throw new Error("CometBFT waits for another application");
    return application!;
  };
  return { ledger, abci, kv, isHeld: () => isHeld };
}

async function offered({ application }: { application: Pick<Application, "listSnapshots"> }): Promise<Snapshot> {
  return (await application.listSnapshots({})).snapshots[0]!;
}

/** The offer of somebody whose only chunk is `chunk`. */
function offerWith(honest: Snapshot, chunk: Uint8Array): Snapshot {
  const manifest = manifestOf(honest, portableCrypto.sha256)!;
  return offerOf({ ...manifest, chunks: [bytesToHex(portableCrypto.sha256(chunk))] }, portableCrypto.sha256);
}

/** The chunk with another block time, which the state's root does not show. */
function withBlockTime(chunk: Uint8Array, time: string): Uint8Array {
  const key = "m/block-time";
  const keyAt = Buffer.from(chunk).indexOf(key);
  const valueAt = keyAt + key.length;
  const lengthAt = keyAt - RECORD_HEAD_BYTES + 2;
  const length = new DataView(chunk.buffer, chunk.byteOffset).getUint32(lengthAt);
  const forged = concatBytes([chunk.subarray(0, valueAt), encodeUtf8(time)!, chunk.subarray(valueAt + length)]);
  new DataView(forged.buffer).setUint32(lengthAt, time.length);
  return forged;
}

async function chunkOf(serving: Awaited<ReturnType<typeof openServing>>, chunk: number): Promise<Uint8Array> {
  return (await serving.application.loadSnapshotChunk({ height: 3, format: 1, chunk })).chunk;
}

describe("a snapshot", () => {
  it("is the same on every node, whenever each of them sweeps", async () => {
    expect(await offered(await openServing())).toEqual(await offered(await openServing({ swept: true })));
  });

  it("of a node that makes none any more is offered to nobody, and holds back no blocks", async () => {
    const { ledger, application, folder } = await openServing();
    const off = createSnapshotServer({ ledger, folder, intervalBlocks: 0, sha256: portableCrypto.sha256, report: () => {} });
    expect((await application.listSnapshots({})).snapshots).toHaveLength(1);
    expect(await off.application.listSnapshots({})).toEqual({ snapshots: [] });
    expect(off.oldestHeight()).toBe(Number.POSITIVE_INFINITY);
  });

  it("whose chunk the disk cannot read has none for whoever asks, and the node hears why", async () => {
    const { ledger } = await openServing();
    const unreadable = new Error("EIO: i/o error, read");
    const broken = { list: () => [], chunk: () => Promise.reject(unreadable), add: async () => {} };
    const reported: unknown[] = [];
    const report = (error: unknown) => void reported.push(error);
    const { application } = createSnapshotServer({ ledger, folder: broken, intervalBlocks: 3, sha256: portableCrypto.sha256, report });
    expect(await application.loadSnapshotChunk({ height: 3, format: 1, chunk: 0 })).toEqual({ chunk: new Uint8Array(0) });
    expect(reported).toEqual([unreadable]);
  });

  it("is kept at the chosen heights, the newest two", async () => {
    const { application } = await openServing({ intervalBlocks: 1 });
    expect((await application.listSnapshots({})).snapshots.map(({ height }) => height)).toEqual([3, 2]);
    expect(await application.loadSnapshotChunk({ height: 1, format: 1, chunk: 0 })).toEqual({ chunk: new Uint8Array(0) });
  });

  it("gives a node that begins the same state, which then goes on like the others", async () => {
    const serving = await openServing();
    const { ledger, abci, isHeld } = openJoining();
    const snapshot = await offered(serving);
    expect(await abci().offerSnapshot({ snapshot, appHash: serving.ledger.appHash })).toEqual({ result: OfferResult.accept });
    const chunk = await chunkOf(serving, 0);
    expect(await abci().applySnapshotChunk({ index: 0, chunk, sender: "a" })).toMatchObject({ result: ApplyResult.accept });
    expect(isHeld()).toBe(true);
    const restored: Ledger = await ledger;
    expect([restored.height, restored.appHash]).toEqual([3, serving.ledger.appHash]);
    expect(totals.get(restored, "a")).toEqual({ total: 6 });

    const next = ledgerBlock(decided(4, [addTx("b", 1), txs[0]!]));
    expect(restored.finalizeBlock(next)).toEqual(serving.ledger.finalizeBlock(next));
  });
});

describe("a node that ended before the first block after its snapshot", () => {
  type Joining = ReturnType<typeof openJoining>;

  async function takeIn(serving: Awaited<ReturnType<typeof openServing>>, { abci, ledger }: Joining): Promise<Ledger> {
    await vi.waitUntil(() => abci() !== undefined);
    await abci().offerSnapshot({ snapshot: await offered(serving), appHash: serving.ledger.appHash });
    await abci().applySnapshotChunk({ index: 0, chunk: await chunkOf(serving, 0), sender: "a" });
    return ledger;
  }

  it("begins again, and is through with it when it has executed a block", async () => {
    const serving = await openServing();
    const kv = createMemoryStore();
    expect(isBeginning(kv)).toBe(true);
    await takeIn(serving, openJoining({ kv }));
    expect([holdsState(kv), isBeginning(kv)]).toEqual([true, true]);

    const forgetChain = vi.fn(async () => {});
    const ledger = await takeIn(serving, openJoining({ kv, forgetChain }));
    expect(forgetChain).toHaveBeenCalledOnce();
    expect([ledger.height, ledger.appHash]).toEqual([3, serving.ledger.appHash]);
    expect(isBeginning(kv)).toBe(true);
    ledger.finalizeBlock(ledgerBlock(decided(4)));
    await ledger.commit();
    expect(isBeginning(kv)).toBe(false);
  });

  it.each<[string, (kv: KeyValueStore) => Partial<CometHost>]>([
    ["while it forgets CometBFT's chain", () => ({ forgetChain: () => Promise.reject(new Error("killed")) })],
    [
      "when it has forgotten CometBFT's chain",
      (kv) => ({
        async forgetChain() {
          kv.write = () => Promise.reject(new Error("killed"));
        },
      }),
    ],
  ])("goes on clearing after a kill %s", async (_, host) => {
    const serving = await openServing();
    const kv = createMemoryStore();
    await takeIn(serving, openJoining({ kv }));
    const { write } = kv;
    await expect(openJoining({ kv, ...host(kv) }).ledger).rejects.toThrow("killed");
    kv.write = write;
    expect([holdsState(kv), isBeginning(kv)]).toEqual([true, true]);

    const forgetChain = vi.fn(async () => {});
    expect((await takeIn(serving, openJoining({ kv, forgetChain }))).height).toBe(3);
    expect(forgetChain).toHaveBeenCalledOnce();
  });

  it.each([1, 2, 3, 4, 5])("after %i writes of the clearing has a store that nobody takes for an empty one", async (writes) => {
    const serving = await openServing();
    const kv = createMemoryStore();
    const left = Array.from({ length: 2_500 }, (_, i) => ({ key: valueKey(`tally/totals/${i}`), value: encodeUtf8("left")! }));
    await kv.write([restoringWrite(), ...left]);
    const { write } = kv;
    let written = 0;
    kv.write = (batch) => (written++ < writes ? write(batch) : Promise.reject(new Error("killed")));
    const { abci } = openJoining({ kv });
    await abci().offerSnapshot({ snapshot: await offered(serving), appHash: serving.ledger.appHash });
    const answer = await abci().applySnapshotChunk({ index: 0, chunk: await chunkOf(serving, 0), sender: "a" });
    expect(answer).toMatchObject({ result: ApplyResult.rejectSnapshot });

    kv.write = write;
    let records = 0;
    for await (const _ of kv.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff) })) records += 1;
    if (records > 0) await expect(open(kv)).rejects.toMatchObject({ code: "RestoreUnfinished" });
    expect((await takeIn(serving, openJoining({ kv }))).appHash).toEqual(serving.ledger.appHash);
  });
});

describe("an offer", () => {
  it.each<[string, (snapshot: Snapshot) => Snapshot | undefined, number]>([
    ["of another format", (snapshot) => ({ ...snapshot, format: 2 }), OfferResult.rejectFormat],
    ["of nothing", () => undefined, OfferResult.rejectFormat],
    ["whose hash is another", (snapshot) => ({ ...snapshot, hash: new Uint8Array(32) }), OfferResult.reject],
    ["that miscounts its chunks", (snapshot) => ({ ...snapshot, chunks: 2 }), OfferResult.reject],
    ["whose manifest is none", (snapshot) => withMetadata(snapshot, "[]"), OfferResult.reject],
    ["whose manifest is no JSON", (snapshot) => withMetadata(snapshot, "{"), OfferResult.reject],
    [
      "whose root is another",
      (snapshot) => withMetadata(snapshot, metadataOf(snapshot).replace(/"root":"../, '"root":"00')),
      OfferResult.reject,
    ],
  ])("%s is rejected", async (_, alter, result) => {
    const serving = await openServing();
    const snapshot = alter(await offered(serving));
    expect(await openJoining().abci().offerSnapshot({ snapshot, appHash: serving.ledger.appHash })).toEqual({ result });
  });

  function metadataOf({ metadata }: Snapshot): string {
    return Buffer.from(metadata).toString();
  }

  function withMetadata(snapshot: Snapshot, text: string): Snapshot {
    const metadata = encodeUtf8(text)!;
    return { ...snapshot, metadata, hash: portableCrypto.sha256(metadata) };
  }
});

describe("a chunk", () => {
  it("that was tampered with is asked for again, from another peer, and then taken", async () => {
    const serving = await openServing();
    const { ledger, abci } = openJoining();
    await abci().offerSnapshot({ snapshot: await offered(serving), appHash: serving.ledger.appHash });
    const chunk = await chunkOf(serving, 0);
    for (const at of [0, 7, chunk.length >> 1, chunk.length - 1]) {
      const tampered = chunk.slice();
      tampered[at]! ^= 1;
      const answer = await abci().applySnapshotChunk({ index: 0, chunk: tampered, sender: "liar" });
      expect(answer).toEqual({ result: ApplyResult.retry, refetchChunks: [0], rejectSenders: ["liar"] });
    }
    expect(await abci().applySnapshotChunk({ index: 0, chunk, sender: "honest" })).toMatchObject({ result: ApplyResult.accept });
    expect((await ledger).height).toBe(3);
  });

  it.each<[string, (chunk: Uint8Array) => number]>([
    ["key", (chunk) => chunk.indexOf(0x73, 6) + 1],
    ["value, as is only seen at the end,", (chunk) => Buffer.from(chunk).indexOf("m/block-time") - RECORD_HEAD_BYTES - 1],
  ])(
    "that fits its own manifest, but has another %s of the state, spoils the snapshot; another one takes its place",
    async (_, placeIn) => {
      const serving = await openServing();
      const { ledger, abci } = openJoining();
      const honest = await offered(serving);
      const chunk = await chunkOf(serving, 0);
      const tampered = chunk.slice();
      tampered[placeIn(chunk)]! ^= 1;
      const forged = offerWith(honest, tampered);
      const appHash = serving.ledger.appHash;

      expect(await abci().offerSnapshot({ snapshot: forged, appHash })).toEqual({ result: OfferResult.accept });
      const answer = await abci().applySnapshotChunk({ index: 0, chunk: tampered, sender: "liar" });
      expect(answer).toMatchObject({ result: ApplyResult.rejectSnapshot });
      expect(await abci().offerSnapshot({ snapshot: honest, appHash })).toEqual({ result: OfferResult.accept });
      expect(await abci().applySnapshotChunk({ index: 0, chunk, sender: "honest" })).toMatchObject({ result: ApplyResult.accept });
      expect((await ledger).appHash).toEqual(appHash);
    },
  );

  it.each<[string, string]>([
    ["past", "1"],
    ["future", "18ffffffffff"],
    ["time that is no number", "zz"],
  ])("whose block time is of the %s spoils the snapshot, and nothing of it opens", async (_, time) => {
    const serving = await openServing();
    const { abci, kv } = openJoining();
    const chunk = await chunkOf(serving, 0);
    const forged = withBlockTime(chunk, time);
    const snapshot = offerWith(await offered(serving), forged);
    expect(await abci().offerSnapshot({ snapshot, appHash: serving.ledger.appHash })).toEqual({ result: OfferResult.accept });
    const answer = await abci().applySnapshotChunk({ index: 0, chunk: forged, sender: "liar" });
    expect(answer).toMatchObject({ result: ApplyResult.rejectSnapshot });
    expect(holdsState(kv)).toBe(false);
  });

  it("of a block whose header nobody gives spoils the snapshot, and the reason is heard", async () => {
    const serving = await openServing();
    const reported: unknown[] = [];
    const verifiedHeader = () => Promise.reject(new Error("no server answers"));
    const { abci } = openJoining({ verifiedHeader, report: (error) => void reported.push(error) });
    await abci().offerSnapshot({ snapshot: await offered(serving), appHash: serving.ledger.appHash });
    const answer = await abci().applySnapshotChunk({ index: 0, chunk: await chunkOf(serving, 0), sender: "a" });
    expect(answer).toMatchObject({ result: ApplyResult.rejectSnapshot });
    expect(reported).toMatchObject([{ message: "no server answers" }]);
  });

  it("that the disk does not take ends the beginning with the reason: the store takes no other one either", async () => {
    const serving = await openServing();
    const full = new StoreError("StoreWriteFailed", "no space is left");
    const reported: unknown[] = [];
    const kv = { ...createMemoryStore(), write: () => Promise.reject(full) };
    const { ledger, abci } = openJoining({ kv, report: (error) => void reported.push(error) });
    await abci().offerSnapshot({ snapshot: await offered(serving), appHash: serving.ledger.appHash });
    const answer = await abci().applySnapshotChunk({ index: 0, chunk: await chunkOf(serving, 0), sender: "a" });
    expect(answer).toMatchObject({ result: ApplyResult.abort });
    await expect(ledger).rejects.toBe(full);
    expect(reported).toEqual([]);
  });

  it("without an offer before it ends the beginning", async () => {
    const answer = await openJoining()
      .abci()
      .applySnapshotChunk({ index: 0, chunk: Uint8Array.of(1), sender: "a" });
    expect(answer).toMatchObject({ result: ApplyResult.abort });
  });
});
