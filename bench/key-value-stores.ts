import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelStore } from "@galen/node/store/level-store";
import { ClassicLevel } from "classic-level";
import { open as openLmdb } from "lmdb";
import { type Figure, timeMs } from "./measure.ts";

/*
 * What the store below the state must do: a block's records, at random places among a million, durable in one batch; and reads at random.
 * The choice it led to is docs/decisions/0001-state-store.md. `node bench/key-value-stores.ts 300000` measures among fewer keys.
 */
const BATCH = 3_000;
const MEASURED_BATCHES = 60;
const READS = 50_000;
/** About a value and a bucket of the state tree, half and half. */
const VALUE_BYTES = [100, 400] as const;

interface Candidate {
  readonly name: string;
  open(path: string): Promise<Store>;
}

interface Store {
  write(batch: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): Promise<unknown>;
  get(key: Uint8Array): Uint8Array | undefined;
  close(): Promise<void>;
}

const level = (path: string) =>
  new ClassicLevel<Uint8Array, Uint8Array>(path, {
    keyEncoding: "view",
    valueEncoding: "view",
    compression: false,
    writeBufferSize: 64 * 2 ** 20,
  });

const candidates: readonly Candidate[] = [
  {
    name: "LevelDB as the node uses it",
    async open(path) {
      const kv = await openLevelStore(path);
      return { ...kv, write: (batch) => kv.write(batch.map(([key, value]) => ({ key, value }))) };
    },
  },
  {
    name: "LevelDB, array of operations",
    async open(path) {
      const database = level(path);
      await database.open();
      return {
        write: (batch) =>
          database.batch(
            batch.map(([key, value]) => ({ type: "put", key, value })),
            { sync: true },
          ),
        get: (key) => database.getSync(key),
        close: () => database.close(),
      };
    },
  },
  {
    name: "LMDB",
    async open(path) {
      const database = openLmdb<Uint8Array, Uint8Array>({ path, encoding: "binary", keyEncoding: "binary", compression: false });
      return {
        write: (batch) =>
          database.transaction(() => {
            for (const [key, value] of batch) void database.put(key, value); // the transaction awaits them
          }),
        get: (key) => database.getBinary(key),
        close: () => database.close(),
      };
    },
  },
];

/** Key `i`, in an order that has nothing to do with the numbers. */
function keyOf(i: number): Uint8Array {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(Math.imul(i, 0x9e3779b1) >>> 0);
  key.writeUInt32BE(Math.imul(i, 0x85ebca6b) >>> 0, 4);
  key.writeUInt32BE(i, 12);
  return key;
}

function batchOf(from: number, to: number, size: number, step: number) {
  return Array.from({ length: to - from }, (_, n) => {
    const i = ((from + n) * step) % size;
    const value = Buffer.alloc(VALUE_BYTES[i & 1]!, i);
    value.writeUInt32BE(from);
    return [keyOf(i), value] as const;
  });
}

async function measure({ name, open }: Candidate, size: number): Promise<Figure[]> {
  const path = await mkdtemp(join(tmpdir(), "galen-bench-"));
  try {
    const store = await open(join(path, "store"));
    for (let from = 0; from < size; from += BATCH) await store.write(batchOf(from, Math.min(size, from + BATCH), size, 1));
    const batches = Array.from({ length: MEASURED_BATCHES }, (_, n) => batchOf(n * BATCH, (n + 1) * BATCH, size, 7_919));
    const [threadBefore, processBefore] = [process.threadCpuUsage(), process.cpuUsage()];
    const writeMs = await timeMs(async () => {
      for (const batch of batches) await store.write(batch);
    });
    const threadMicros = microsOf(process.threadCpuUsage(threadBefore));
    const processMicros = microsOf(process.cpuUsage(processBefore));
    const readMs = await timeMs(() => {
      for (let n = 0; n < READS; n++) if (store.get(keyOf((n * 104_729) % size)) === undefined) throw new Error(`${name} lost a record`);
    });
    await store.close();
    const note = `${size.toLocaleString("en-US")} keys`;
    const puts = MEASURED_BATCHES * BATCH;
    return [
      { name: `${name}: durable random puts`, value: (puts * 1_000) / writeMs, unit: "/s", note },
      { name: `${name}: processor time per put, calling thread`, value: threadMicros / puts, unit: "µs", note },
      { name: `${name}: processor time per put, all threads`, value: processMicros / puts, unit: "µs", note },
      { name: `${name}: random reads`, value: (READS * 1_000) / readMs, unit: "/s", note },
      { name: `${name}: on disk`, value: (await sizeOf(path)) / 1e6, unit: "MB", note },
    ];
  } finally {
    await rm(path, { recursive: true });
  }
}

function microsOf({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(folder, name))));
  return files.reduce((sum, file) => sum + 512 * file.blocks, 0);
}

const size = Number(process.argv[2] ?? 1_000_000);
const figures: Figure[] = [];
for (const candidate of candidates) figures.push(...(await measure(candidate, size)));
console.log(JSON.stringify(figures));
