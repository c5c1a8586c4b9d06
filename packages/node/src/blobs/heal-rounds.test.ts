import type { ReadContext } from "@galen/ledger/app/context";
import { validators } from "@galen/ledger/app/parameters";
import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { compareBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { blobs as belongings, objects } from "@galen/ledger/modules/vault/state";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { valueKey } from "@galen/ledger/store/state-head";
import { writeFrames } from "@galen/sdk/client/frames";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { ed25519Key } from "../keys/ed25519-key.ts";
import { openBlobStore } from "./blob-store.ts";
import { type BlobHealerOptions, startBlobHealer } from "./heal-blobs.ts";
import { readCursor, writeCursor } from "./heal-cursor.ts";

// Rounds are an hour and a day apart, and each healer here begins at once.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const DAY_MS = 86_400_000;
const START = 1_700_000_000_000;
const validator = ed25519Key(new Uint8Array(32).fill(7));
const hex = (text: string) => bytesToHex(nativeCrypto.sha256(Buffer.from(text)));
const bytesOf = (name: string) => new Uint8Array(Buffer.from(name));
const addressOf = (bytes: Uint8Array) => bytesToHex(blobAddress(bytes, nativeCrypto.sha256));

/** 44 objects, whose 132 blobs are more than two of the pieces in which a round goes, by their addresses in order. */
const names = Array.from({ length: 44 }, (_, i) => `object ${i}`);
const blobsOf = (name: string) => ["ciphertext", "owner capsule", "collective capsule"].map((part) => bytesOf(`${part} of ${name}`));
const every = new Map(
  names
    .flatMap(blobsOf)
    .map((bytes) => [addressOf(bytes), bytes] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
const addresses = [...every.keys()];

/** A ledger that names all of them and knows this node. */
function nameAll() {
  const records = new Map<string, Uint8Array>();
  const state = {
    get: (key: string) => records.get(key),
    set: (key: string, value: Uint8Array) => void records.set(key, value),
    delete: (key: string) => void records.delete(key),
  };
  const ctx: ReadContext & { state: typeof state } = { chainId: "test-chain", height: 1, time: START, crypto: nativeCrypto, state };
  validators.set(ctx, "current", { validators: [{ publicKey: bytesToHex(validator.publicKey), power: 1 }] });
  for (const name of names) {
    const objectId = hex(name);
    const [ciphertext, ownerCapsule, collectiveCapsule] = blobsOf(name).map(addressOf) as [string, string, string];
    const sealed = {
      policy: { compartment: hex("compartment"), release: "grants" as const },
      capsulePoint: hex("point"),
      sizeBucketBytes: 1,
    };
    const made = { owner: hex("owner"), author: hex("author"), createdAt: 1 };
    objects.set(ctx, objectId, { ...made, ...sealed, ciphertext, ownerCapsule, collectiveCapsule });
    for (const address of [ciphertext, ownerCapsule, collectiveCapsule]) belongings.set(ctx, address, { objectId });
  }
  return {
    ctx,
    /** Erases the object that a blob belongs to. Gives the addresses that are named no more. */
    erase(address: string): string[] {
      const { objectId } = belongings.get(ctx, address)!;
      const object = objects.get(ctx, objectId)!;
      objects.set(ctx, objectId, { ...object, erasedAt: 2 });
      return [object.ciphertext, object.ownerCapsule, object.collectiveCapsule];
    },
    async *range({ gte, lt, limit = Number.MAX_SAFE_INTEGER }: { gte: Uint8Array; lt: Uint8Array; limit?: number }) {
      const within = [...records]
        .map(([key, value]) => [valueKey(key), value] as const)
        .filter(([key]) => compareBytes(key, gte) >= 0 && compareBytes(key, lt) < 0)
        .toSorted(([a], [b]) => compareBytes(a, b));
      yield* within.slice(0, limit);
    },
  };
}

/** A node that holds all but `missing`, and one peer that has everything; `changes` replace what the healer has to do with. */
async function town(missing: readonly string[] = [], changes: Partial<BlobHealerOptions> = {}) {
  let now = START;
  const ledger = nameAll();
  const kv = createMemoryStore();
  const { unreachable } = expect;
  const files = { write: unreachable, read: unreachable, sizeBytes: unreachable, remove: async () => {} };
  const blobs = openBlobStore({ kv, files, sha256: nativeCrypto.sha256, now: () => now });
  await blobs.restore([...every].flatMap(([address, bytes]) => (missing.includes(address) ? [] : [bytes])));
  const asked: string[] = [];
  const reported: unknown[] = [];
  const peers: BlobHealerOptions["peers"] = {
    met: async () => {},
    list: () => [],
    refresh: async () => expect.unreachable("all peers answer"),
    nodes: () => [{ url: "http://peer.test", key: "ab", height: 1 }],
    async ask(_node, _purpose, { body }, check) {
      const wanted = (JSON.parse(Buffer.from(body!.bytes).toString()) as { addresses: string[] }).addresses;
      asked.push(...wanted);
      return check(writeFrames(wanted.map((address) => every.get(address)!)));
    },
  };
  const options: BlobHealerOptions = {
    ...{ ledger: { read: () => ledger.ctx }, state: ledger, kv, blobs, peers, validator, crypto: nativeCrypto, now: () => now },
    ...{ logger: { info: () => {}, warn: () => {} }, report: (error) => void reported.push(error) },
    ...changes,
  };
  const started: ReturnType<typeof startBlobHealer>[] = [];
  return {
    ...{ ledger, kv, blobs, peers, asked, reported, options },
    start(again: Partial<BlobHealerOptions> = {}) {
      const healer = startBlobHealer({ ...options, ...again });
      started.push(healer);
      return healer;
    },
    /** Lets time pass, and what begins in it come to its end. */
    async pass(ms: number) {
      now += ms;
      await vi.advanceTimersByTimeAsync(ms);
      for (const healer of started) await healer.settled();
    },
  };
}

describe("a round of healing", () => {
  it("reads all that the ledger names, piece by piece, and fetches what is missing", async () => {
    const missing = [0, 63, 64, 100, 131].map((at) => addresses[at]!);
    const { start, pass, asked, blobs, kv } = await town(missing);
    const healer = start();
    expect(healer.status()).toMatchObject({ state: "checking", checked: 0 });
    await pass(0);
    expect(asked).toEqual(missing);
    expect(missing.every(blobs.has)).toBe(true);
    const repaired = { repaired: 5, repairedFrom: addresses[0], repairedTo: addresses[131] };
    expect(healer.status()).toEqual({ state: "complete", checked: 132, lost: 0, ...repaired });
    expect(readCursor(kv)).toEqual({ after: "", endedAt: START });

    await blobs.delete([addresses[40]!]);
    expect(await healer.get(addresses[40]!)).toEqual(every.get(addresses[40]!));
    expect(healer.status()).toMatchObject({ ...repaired, repaired: 6 });
    await healer.stop();
  });

  it("goes on in the piece in which the node was stopped, of which it may have left something out", async () => {
    const missing = [10, 100].map((at) => addresses[at]!);
    const { start, pass, asked, blobs, kv } = await town(missing);
    let isStopping: Promise<void> | undefined;
    const first = start({
      blobs: {
        ...blobs,
        async get(address) {
          if (address === addresses[70]) isStopping = first.stop();
          return blobs.get(address);
        },
      },
    });
    await pass(0);
    await isStopping;
    expect([asked, readCursor(kv)]).toEqual([missing.slice(0, 1), { after: addresses[63], endedAt: 0 }]);

    const second = start();
    await pass(0);
    expect([asked, second.status()]).toMatchObject([missing, { state: "complete", checked: 132 - 64, repaired: 1 }]);
    await second.stop();
  });

  it("comes a day after the last one, also across a restart", async () => {
    const { start, pass, kv, blobs } = await town();
    await writeCursor(kv, { after: "", endedAt: START - DAY_MS / 2 });
    const meanwhile = new Set<string>();
    const get = (address: string) => {
      meanwhile.add(healer.status().state);
      return blobs.get(address);
    };
    const healer = start({ blobs: { ...blobs, get } });
    await pass(DAY_MS / 2 - 1);
    expect(healer.status()).toMatchObject({ state: "complete", checked: 0 });
    await pass(1);
    expect(healer.status()).toMatchObject({ state: "complete", checked: 132 });
    await pass(DAY_MS - 1);
    expect(healer.status()).toMatchObject({ checked: 132 });
    await pass(1);
    expect(healer.status()).toMatchObject({ state: "complete", checked: 2 * 132 });
    expect([...meanwhile]).toEqual(["checking"]);
    await healer.stop();
  });

  it("that failed is tried again after an hour, from where it had come", async () => {
    const { start, pass, ledger, reported } = await town();
    const failure = new Error("the disk is gone");
    let calls = 0;
    const healer = start({
      state: {
        range(options) {
          if (++calls === 2) throw failure;
          return ledger.range(options);
        },
      },
    });
    await pass(0);
    expect([reported, healer.status()]).toMatchObject([[failure], { state: "checking", checked: 64 }]);
    await pass(3_600_000 - 1);
    expect(healer.status()).toMatchObject({ state: "checking", checked: 64 });
    await pass(1);
    expect(healer.status()).toMatchObject({ state: "complete", checked: 132 });
    await healer.stop();
  });

  it("leaves alone what is erased, and drops it wherever among the names it lies", async () => {
    const { start, pass, ledger, blobs, asked } = await town([addresses[5]!]);
    const erased = [5, 131].flatMap((at) => ledger.erase(addresses[at]!));
    const healer = start();
    await pass(0);
    expect(asked).toEqual([]);
    expect(healer.status()).toMatchObject({ checked: 132 - erased.length, lost: 0 });
    expect(addresses.filter((address) => !blobs.has(address))).toEqual(erased.toSorted());
    await healer.stop();
  });

  it("keeps from the sweep what is held and named, although no block that was seen here names it", async () => {
    const { start, pass, blobs } = await town(addresses.slice(0, 3));
    await blobs.put([every.get(addresses[0]!)!]);
    const [unnamed] = await blobs.put([bytesOf("waits for its transaction")]);
    const healer = start();
    await pass(0);
    expect(await blobs.sweep(START + 1)).toBe(1);
    expect([blobs.has(addresses[0]!), blobs.has(unnamed!)]).toEqual([true, false]);
    await healer.stop();
  });
});

describe("a blob that is fetched", () => {
  it("goes again when its object is erased meanwhile", async () => {
    const [wanted] = addresses as [string];
    const { start, peers, ledger, blobs } = await town([wanted]);
    const healer = start({
      peers: {
        ...peers,
        ask(...call) {
          ledger.erase(wanted);
          return peers.ask(...call);
        },
      },
    });
    healer.want([wanted]);
    await healer.settled();
    expect([healer.status(), blobs.has(wanted)]).toMatchObject([{ repaired: 1, lost: 0 }, false]);
    await healer.stop();
  });

  it("is asked for when all peers have been looked for, and not before", async () => {
    const [wanted] = addresses as [string];
    const { start, peers, blobs } = await town([wanted]);
    let isMet = false;
    const met = async () => {
      await Promise.resolve();
      isMet = true;
    };
    const healer = start({ peers: { ...peers, met, nodes: () => (isMet ? peers.nodes() : []) } });
    healer.want([wanted]);
    await healer.settled();
    expect([healer.status().lost, blobs.has(wanted)]).toEqual([0, true]);
    await healer.stop();
  });

  it("is lost when every peer answers that it has none, and not asked for twice", async () => {
    const [wanted] = addresses as [string];
    const { start, peers, reported } = await town([wanted]);
    let asked = 0;
    const ask: typeof peers.ask = async (_node, _purpose, _call, check) => {
      asked += 1;
      return check(writeFrames([new Uint8Array(0)]));
    };
    const healer = start({ peers: { ...peers, ask } });
    healer.want([wanted]);
    await healer.settled();
    expect([asked, healer.status().lost, reported]).toEqual([1, 1, []]);
    await healer.stop();
  });

  it("is not asked of others when the store itself fails, which they cannot mend", async () => {
    const [wanted] = addresses as [string];
    const { start, blobs, asked } = await town();
    const failure = new Error("too many open files");
    const healer = start({ blobs: { ...blobs, get: () => Promise.reject(failure) } });
    await expect(healer.get(wanted)).rejects.toBe(failure);
    expect(asked).toEqual([]);
    await healer.stop();
  });
});
