import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeStateProof, encodeStateProof, verifyStateProof } from "@galen/ledger/store/proof";
import { openStateStore, type StateStore } from "@galen/ledger/store/state-store";
import { nativeCrypto as crypto } from "@galen/node/crypto/native";
import { openLevelStore } from "@galen/node/store/level-store";
import { type Figure, mappedMb, quantile, residentMb, timeMs } from "./measure.ts";

/*
 * The state store at several sizes: updates in blocks of 3,000 (1,000 transactions of 3 keys), opening, proofs, memory.
 * `node bench/state-tree.ts 10000000` measures at ten million keys.
 */
const BLOCK = 3_000;
const MEASURED_BLOCKS = 100;
const WARM_BLOCKS = 20;
const VALUE_BYTES = 100;
const PROOFS = 5_000;

type Changes = ReadonlyMap<string, Uint8Array>;

/** Key `i` of the state: an id that looks random, as account and object ids do. */
function keyOf(i: number): string {
  const high = Math.imul(i, 0x9e3779b1) >>> 0;
  const low = Math.imul(high ^ (high >>> 15), 0x85ebca6b) >>> 0;
  return `accounts/${high.toString(16).padStart(8, "0")}${low.toString(16).padStart(8, "0")}${i.toString(16).padStart(24, "0")}`;
}

function blockOf(keys: readonly number[], round: number): Changes {
  return new Map(
    keys.map((i) => {
      const value = Buffer.alloc(VALUE_BYTES, round & 0xff);
      value.writeUInt32LE(i);
      value.writeUInt32LE(round, 4);
      return [keyOf(i), value] as const;
    }),
  );
}

/** Changes of existing keys, spread over all of them. */
function updatesOf(size: number): Changes[] {
  const spread = (i: number) => (i * 7_919 + 13) % size;
  return Array.from({ length: MEASURED_BLOCKS }, (_, round) =>
    blockOf(
      Array.from({ length: BLOCK }, (_, i) => spread(round * BLOCK + i)),
      round + 1,
    ),
  );
}

/**
 * Writes blocks like an engine: transactions read what they change, the block is staged while the one before is written. Returns the
 * milliseconds of staging each block, and of everything.
 */
async function writeBlocks(kv: Awaited<ReturnType<typeof openLevelStore>>, state: StateStore, blocks: Iterable<Changes>) {
  const staging: number[] = [];
  let write = Promise.resolve();
  const total = await timeMs(async () => {
    for (const changes of blocks) {
      for (const key of changes.keys()) state.get(key);
      const start = performance.now();
      const height = state.height + 1;
      const { writes } = state.stage(height, changes);
      staging.push(performance.now() - start);
      await write;
      write = kv.write(writes).then(() => state.settled(height));
    }
    await write;
  });
  return { staging, total };
}

function* fillingBlocks(size: number): Iterable<Changes> {
  for (let from = 0; from < size; from += BLOCK) {
    yield blockOf(
      Array.from({ length: Math.min(BLOCK, size - from) }, (_, i) => from + i),
      0,
    );
  }
}

async function measure(size: number): Promise<Figure[]> {
  const path = await mkdtemp(join(tmpdir(), "galen-bench-"));
  try {
    const figures = [...(await measureWarm(path, size)), ...(await measureOpenings(path, size))];
    return figures.map((figure) => ({ ...figure, note: `${size.toLocaleString("en-US")} keys` }));
  } finally {
    await rm(path, { recursive: true });
  }
}

/** Filling and then changing a state that stays open. */
async function measureWarm(path: string, size: number): Promise<Figure[]> {
  const kv = await openLevelStore(path);
  const state = await openStateStore({ kv, crypto });
  const filling = await writeBlocks(kv, state, fillingBlocks(size));
  const blocks = updatesOf(size);
  await writeBlocks(kv, state, blocks.slice(0, WARM_BLOCKS));
  const { staging, total } = await writeBlocks(kv, state, blocks);
  const memory = residentMb() - mappedMb();
  const proofs = measureProofs(state, size);
  await kv.close();
  const perSecond = (ms: number) => (BLOCK / ms) * 1_000;
  const updates = perSecond(quantile(staging, 0.5));
  return [
    { name: "state insertions, durable", value: (size / filling.total) * 1_000, unit: "/s" },
    {
      name: "state updates, in memory",
      value: updates,
      unit: "/s",
      limit: { name: "hashing of keys and values alone", value: perSecond(await hashingMs(blocks)) },
      ...(size <= 1_000_000 ? { goal: "100,000/s", met: updates >= 100_000 } : {}),
    },
    { name: "state updates, durable", value: perSecond(total / MEASURED_BLOCKS), unit: "/s" },
    ...proofs,
    { name: "memory, without the mapped files", value: memory, unit: "MB", goal: "2 GB", met: memory < 2_000 },
  ];
}

/** Opening a state, and the first changes, which find no value in memory. */
async function measureOpenings(path: string, size: number): Promise<Figure[]> {
  const kv = await openLevelStore(path);
  let state!: StateStore;
  let isMadeAnew = false;
  const onRebuild = () => {
    isMadeAnew = true;
  };
  const open = () =>
    timeMs(async () => {
      state = await openStateStore({ kv, crypto, onRebuild });
    });
  let openingMs = await open();
  // Once, when a state has come to many keys (docs/decisions/0020).
  if (isMadeAnew) openingMs = await open();
  const { staging } = await writeBlocks(kv, state, updatesOf(size).slice(0, WARM_BLOCKS));
  await kv.close();
  return [
    { name: "state opening", value: openingMs / 1_000, unit: "s", goal: "3 s", met: openingMs < 3_000 },
    { name: "state updates, first after opening", value: (BLOCK / quantile(staging, 0.5)) * 1_000, unit: "/s" },
  ];
}

/** Milliseconds per block for SHA-256 of each key and value: what no tree could save. */
async function hashingMs(blocks: readonly Changes[]): Promise<number> {
  const times: number[] = [];
  for (const block of blocks.slice(0, 20)) {
    const entries = Array.from(block, ([key, value]) => [Buffer.from(key, "latin1"), value] as const);
    times.push(
      await timeMs(() => {
        for (const [key, value] of entries) {
          crypto.sha256(key);
          crypto.sha256(value);
        }
      }),
    );
  }
  return quantile(times, 0.5);
}

function measureProofs(state: StateStore, size: number): Figure[] {
  const { height, root } = state;
  const make: number[] = [];
  const verify: number[] = [];
  let bytes = 0;
  for (let n = 0; n < PROOFS; n++) {
    // Half of them present, half absent.
    const key = keyOf(n % 2 === 0 ? (n * 104_729) % size : size + n);
    const start = performance.now();
    const encoded = encodeStateProof(state.prove(height, key));
    make.push(performance.now() - start);
    const value = state.get(key);
    const received = performance.now();
    const proof = decodeStateProof(encoded)!;
    if (!verifyStateProof({ crypto, root, key, value, proof })) throw new Error(`the proof of ${key} does not hold`);
    verify.push(performance.now() - received);
    bytes += encoded.length;
  }
  const makeMs = quantile(make, 0.5);
  const verifyMs = quantile(verify, 0.5);
  return [
    { name: "state proof, make", value: makeMs * 1_000, unit: "µs", goal: "100 µs", met: makeMs < 0.1 },
    { name: "state proof, verify", value: verifyMs * 1_000, unit: "µs", goal: "200 µs", met: verifyMs < 0.2 },
    { name: "state proof, size", value: bytes / PROOFS, unit: "bytes", goal: "1,500 bytes", met: bytes / PROOFS < 1_500 },
  ];
}

const sizes = process.argv.slice(2).map(Number);
const figures: Figure[] = [];
for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000]) figures.push(...(await measure(size)));
console.log(JSON.stringify(figures));
