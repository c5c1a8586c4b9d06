import { join } from "node:path";
import type { KeyValueStore, LogWrite, RangeOptions, Write } from "@galen/ledger/store/kv";
import { StoreError } from "@galen/ledger/store/store-error";
import { ClassicLevel } from "classic-level";
import { addChecksum, placeRecord, takeChecksum } from "./checksum.ts";
import { type LogFiles, openLogFiles } from "./log-files.ts";
import { openValueFiles, type ValueFiles } from "./value-files.ts";

type Database = ClassicLevel<Uint8Array, Uint8Array>;
type Entry = readonly [key: Uint8Array, value: Uint8Array];

const OPTIONS = {
  keyEncoding: "view",
  valueEncoding: "view",
  // Most records are hashes and ciphertext, which nothing compresses.
  compression: false,
  // The log becomes a table at this size, and two of them may be in memory. The larger, the less often the tables are merged; this one is read back in a second after a kill.
  writeBufferSize: 64 * 2 ** 20,
  maxFileSize: 8 * 2 ** 20,
  // What the state reads often is cached above the store, as values and not as blocks of a table.
  cacheSize: 32 * 2 ** 20,
} as const;

/** Entries, and about how many bytes of them, that a range fetches at a time. */
const FETCH_ENTRIES = 1_000;
const FETCH_BYTES = 2 ** 20;

/** Folders of the log and of the permanent values, beside LevelDB's own files, which looks at none but these. */
const LOG_FOLDER = "log";
const VALUE_FOLDER = "values";

interface Store {
  readonly path: string;
  readonly database: Database;
  readonly log: LogFiles;
  readonly values: ValueFiles;
}

/**
 * Opens a KeyValueStore over LevelDB in the folder `path`, which is made if it is missing, and over files for its log and its permanent values. One process at a time.
 * Every record carries a checksum: a record that the disk changed is refused when it is read. Checksums of the log are up to whoever writes
 * it. Throws StoreError StoreLocked when another process has the folder, StoreUnreadable when it cannot be opened.
 */
export async function openLevelStore(path: string): Promise<KeyValueStore> {
  const database: Database = new ClassicLevel<Uint8Array, Uint8Array>(path, OPTIONS);
  await database.open().catch((error: unknown) => {
    throw openingError(path, error);
  });
  const opening = [openLogFiles(join(path, LOG_FOLDER)), openValueFiles(join(path, VALUE_FOLDER))] as const;
  const [log, values] = await Promise.all(opening).catch(async (error: unknown) => {
    await database.close();
    throw openingError(path, error);
  });
  const store: Store = { path, database, log, values };
  const writer = createWriter(store);
  return {
    get: (key) => readRecord(store, key),
    write: writer.write,
    readLog: (position, target) => reading(store, () => log.read(position, target)),
    range: (options) => readRange(store, options),
    keys: (options) => readKeys(store, options),
    purge: (keys) => purge(store, writer, keys),
    async close() {
      await writer.idle();
      await Promise.all([log.close(), values.close()]);
      await database.close();
    },
  };
}

function readRecord(store: Store, key: Uint8Array): Uint8Array | undefined {
  const stored = reading(store, () => store.database.getSync(key));
  return stored && takeValue(store, key, stored);
}

function takeValue(store: Store, key: Uint8Array, stored: Uint8Array): Uint8Array {
  return takeChecksum(key, stored, store.path, (place) => reading(store, () => store.values.read(place)));
}

function reading<T>({ path }: Store, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw readingError(path, error);
  }
}

/**
 * Writes one batch after the other in the order of the calls; LevelDB's threads alone would keep none. After a failure all later ones fail
 * too, because they build upon it. `idle` resolves when none is under way.
 */
function createWriter(store: Store): Writer {
  let last = Promise.resolve();
  function writeWhenDue(batchOf: () => readonly Write[]): Promise<void> {
    last = last.then(() => writeBatch(store, batchOf()));
    return last;
  }
  return { write: (batch) => writeWhenDue(() => batch), writeWhenDue, idle: () => last.catch(() => undefined) };
}

interface Writer {
  readonly write: KeyValueStore["write"];
  /** Writes what is to be written after all that was handed over before. */
  readonly writeWhenDue: (batchOf: () => readonly Write[]) => Promise<void>;
  readonly idle: () => Promise<void>;
}

/**
 * LevelDB drops a value when it merges it with a deletion that came to lie in another table, above. A deletion that is still in memory may go into one
 * table with its value, at the lowest level, where nothing is merged any more. So what is there goes to tables first, and the keys are deleted again.
 */
async function purge({ database, path }: Store, writer: Writer, keys: readonly Uint8Array[]): Promise<void> {
  const sorted = [...keys].sort(Buffer.compare);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return;
  const merge = () =>
    database.compactRange(first, last).catch((error: unknown) => {
      throw readingError(path, error);
    });
  await merge();
  await writer.writeWhenDue(() => sorted.filter((key) => isGone(database, key)).map((key) => ({ key, value: undefined })));
  await merge();
}

/** A record that the disk does not give may be there: it stays, and whoever reads it hears of it. */
function isGone(database: Database, key: Uint8Array): boolean {
  try {
    return database.getSync(key) === undefined;
  } catch {
    return false;
  }
}

/** Not async: it would keep the records, which LevelDB has copied, until they are on the disk. */
function writeBatch(store: Store, batch: readonly Write[]): Promise<void> {
  // Record by record: an array of operations takes nine times as long on this thread (bench/key-value-stores.ts).
  const operations = store.database.batch();
  const parts: Parts = { logWrites: [], valueWrites: [], dropBefore: 0 };
  for (const write of batch) {
    if ("position" in write) parts.logWrites.push(write);
    else if ("dropBefore" in write) parts.dropBefore = write.dropBefore;
    else if (write.value === undefined) operations.del(write.key);
    else {
      const record = write.isPermanent ? placeRecord(write.key, addValue(store, parts, write.value)) : addChecksum(write.key, write.value);
      operations.put(record.key, record.stored); // copied at once
    }
  }
  return writeParts(store, parts, () => operations.write({ sync: true })).catch((error: unknown) => {
    const advice = "nothing of this write counts; make room or repair the disk, then start the node again";
    throw new StoreError("StoreWriteFailed", `the folder ${store.path} cannot be written (${reasonOf(error)}): ${advice}`, {
      cause: error,
    });
  });
}

/** What of a batch goes to files beside the records. */
interface Parts {
  readonly logWrites: LogWrite[];
  readonly valueWrites: LogWrite[];
  dropBefore: number;
}

function addValue({ values }: Store, { valueWrites }: Parts, value: Uint8Array): Uint8Array {
  const { place, write } = values.add(value);
  valueWrites.push(write);
  return place;
}

/**
 * The records come when what they tell of is durable: whatever happens, a record that is there has its part of the files. Once they are written the batch counts,
 * and nothing after it may fail.
 */
async function writeParts({ log, values }: Store, parts: Parts, writeRecords: () => Promise<void>): Promise<void> {
  const { logWrites, valueWrites, dropBefore } = parts;
  if (logWrites.length > 0) await log.write(logWrites);
  if (valueWrites.length > 0) await values.write(valueWrites);
  await Promise.all([log.sync(), values.sync()]);
  await writeRecords();
  if (dropBefore > 0) await log.dropBefore(dropBefore);
}

// Both make their iterator here and not at the first step, because what it sees is the state at the time of the call.
function readRange(store: Store, { gte, lt, reverse = false, limit = -1 }: RangeOptions): AsyncIterable<Entry> {
  const iterator = store.database.iterator({ gte, lt, reverse, limit, highWaterMarkBytes: FETCH_BYTES });
  return fetched(store, iterator, ([key, stored]) => [plain(key), takeValue(store, key, stored)]);
}

function readKeys(store: Store, { gte, lt, reverse = false, limit = -1 }: RangeOptions): AsyncIterable<Uint8Array> {
  return fetched(store, store.database.keys({ gte, lt, reverse, limit, highWaterMarkBytes: FETCH_BYTES }), plain);
}

/** What an iterator of LevelDB gives. */
interface Fetching<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

async function* fetched<T, U>(store: Store, iterator: Fetching<T>, read: (item: T) => U): AsyncIterable<U> {
  let next = iterator.nextv(FETCH_ENTRIES);
  try {
    for (let items = await next; items.length > 0; items = await next) {
      // While these are used, LevelDB's thread fetches the next.
      next = iterator.nextv(FETCH_ENTRIES);
      for (const item of items) yield read(item);
    }
  } finally {
    await next.catch((error: unknown) => {
      throw readingError(store.path, error);
    });
    await iterator.close();
  }
}

/** LevelDB's binding gives Buffers, whose `slice` is a view where everyone else's is a copy. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** Why a store does not open: somebody else has it open, or it cannot be read. */
export function openingError(path: string, error: unknown): StoreError {
  if (codeOf(error) === "LEVEL_LOCKED") {
    return new StoreError("StoreLocked", `the folder ${path} belongs to a node that is running; stop it first`, { cause: error });
  }
  return unreadable(path, "opened", error);
}

function readingError(path: string, error: unknown): StoreError {
  return unreadable(path, "read", error);
}

function unreadable(path: string, what: "opened" | "read", error: unknown): StoreError {
  const advice = "make room, repair the disk or give this user the folder, then try again";
  return new StoreError("StoreUnreadable", `the folder ${path} cannot be ${what} (${reasonOf(error)}): ${advice}`, { cause: error });
}

/** LevelDB's reason stands in the cause of an error at the opening, in the error itself elsewhere. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

function codeOf(error: unknown): unknown {
  return (causeOf(error) as { readonly code?: unknown } | undefined)?.code;
}

function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return cause instanceof Error ? cause.message : String(cause);
}
