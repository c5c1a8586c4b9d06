import type { Refusal } from "@galen/ledger/app/refusal";
import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { StoreError } from "@galen/ledger/store/store-error";
import { MAX_BLOB_BYTES } from "@galen/ledger/tx/storage-receipts";
import { errors } from "./blob-error.ts";
import type { BlobFiles } from "./blob-files.ts";

/** Sealed bytes by content address (RFC 6962 root over 65,552-byte chunks, see `blobAddress`). What is read is what was written, or an error. */
export interface BlobStore {
  /** Stores all or none; resolves with their addresses when all are durable. One that still waits for its transaction waits anew. */
  put(blobs: readonly Uint8Array[]): Promise<string[]>;
  /** The blob, verified against its address. Throws Refusal blobs/NotHeld or blobs/Corrupt. */
  get(address: string): Promise<Uint8Array>;
  has(address: string): boolean;
  /** What the blob takes in memory when it is read; as much as any may take, where it is not held. */
  sizeBytes(address: string): Promise<number>;
  /** Puts back blobs that a committed transaction names, also over one that is damaged; resolves when they are durable. */
  restore(blobs: readonly Uint8Array[]): Promise<void>;
  /** Addresses of blobs that a committed transaction named, in their order, after `after`; at most `limit`. */
  namedAfter(after: string, limit: number): Promise<string[]>;
  /** Tells that a committed transaction names these blobs: they stay until deleted. */
  reference(addresses: readonly string[]): Promise<void>;
  /** Forgets blobs, as an erasure demands; small ones lie in the store's files until `purge`. */
  delete(addresses: readonly string[]): Promise<void>;
  /** Takes what was deleted out of the files for good, until all is done or `signal` says to leave the rest for the next time. */
  purge(signal: AbortSignal): Promise<void>;
  /** Forgets blobs that no transaction has named since they were stored before `storedBefore` (ms since 1970); returns how many. */
  sweep(storedBefore: number): Promise<number>;
  /** Why nothing more can be stored until the node starts again: blobs/StorageFailed. Undefined while all is well. */
  failure(): Refusal | undefined;
}

export interface BlobStoreOptions {
  readonly kv: KeyValueStore;
  readonly files: BlobFiles;
  readonly sha256: CryptoProvider["sha256"];
  /** The node's clock, milliseconds since 1970. */
  readonly now: () => number;
}

/** From here on a file is cheaper than a value that the key-value store rewrites while it compacts. */
const FILE_FROM_BYTES = 64 * 1024;

const INLINE = 0;
const IN_FILE = 1;
/** Never written: stands for a record that the disk has altered. */
const DAMAGED = 2;
const REFERENCED = 0;
/** storage kind (1 byte) ‖ stored at, or REFERENCED (8 bytes, big endian) ‖ bytes when inline */
const HEADER_BYTES = 9;

export function openBlobStore({ kv, files, sha256, now }: BlobStoreOptions): BlobStore {
  const recordOf = (address: string) => readRecord(kv, blobKey(address));
  const inTurn = createTurns();

  let failure: Refusal | undefined;

  async function get(address: string): Promise<Uint8Array> {
    const record = recordOf(address);
    if (!record) throw errors.NotHeld({ address });
    const bytes = record[0] === INLINE ? record.slice(HEADER_BYTES) : await readFile(files, address);
    if (!bytes || bytesToHex(blobAddress(bytes, sha256)) !== address) throw errors.Corrupt({ address });
    return bytes;
  }

  async function put(blobs: readonly Uint8Array[]): Promise<string[]> {
    for (const blob of blobs) requireSize(blob);
    const addressed = blobs.map((bytes) => ({ bytes, address: bytesToHex(blobAddress(bytes, sha256)) }));
    const distinct = new Map(addressed.map(({ address, bytes }) => [address, bytes]));
    try {
      await inTurn(() => store(distinct));
    } catch (error) {
      if (isDiskFull(error)) throw errors.StorageFull();
      throw error;
    }
    return addressed.map(({ address }) => address);
  }

  /** What waits is written again: it waits anew, and its file is there even if a crash cut a sweep short that had taken it. */
  async function store(blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    // Nobody knows whether it waits or is named; whoever restores it does.
    for (const address of blobs.keys()) if (isDamaged(recordOf(address))) throw errors.Corrupt({ address });
    const unnamed = [...blobs].filter(([address]) => !isNamedRecord(recordOf(address)));
    for (const [address, bytes] of unnamed) if (bytes.length >= FILE_FROM_BYTES) await files.write(address, bytes);
    const writes = unnamed.flatMap(([address, bytes]) => [...endWait(address, recordOf(address)), ...storeWrites(address, bytes, now())]);
    await write(writes);
  }

  async function restore(blobs: readonly Uint8Array[]): Promise<void> {
    const writes: Write[] = [];
    for (const bytes of blobs) {
      const address = bytesToHex(blobAddress(bytes, sha256));
      if (bytes.length >= FILE_FROM_BYTES) await files.write(address, bytes);
      writes.push(...endWait(address, recordOf(address)), { key: blobKey(address), value: recordFor(bytes, REFERENCED) });
    }
    await write(writes);
  }

  async function namedAfter(after: string, limit: number): Promise<string[]> {
    const addresses: string[] = [];
    for await (const [key, record] of kv.range({ gte: blobKey(`${after}!`), lt: blobKey("~") })) {
      if (isNamedRecord(record)) addresses.push(addressIn(key));
      if (addresses.length === limit) break;
    }
    return addresses;
  }

  /** The key-value store writes nothing more after a failure, so neither does this one. */
  async function write(writes: readonly Write[]): Promise<void> {
    await kv.write(writes).catch((error: unknown) => {
      failure = errors.StorageFailed();
      throw Object.assign(failure, { cause: error });
    });
  }

  async function reference(addresses: readonly string[]): Promise<void> {
    const writes = addresses.flatMap((address): Write[] => {
      const record = recordOf(address);
      if (!record || isNamedRecord(record)) return [];
      return [{ key: blobKey(address), value: withStoredAt(record, REFERENCED) }, ...endWait(address, record)];
    });
    if (writes.length > 0) await write(writes);
  }

  async function forget(addresses: readonly string[], { isErasure }: { readonly isErasure: boolean }): Promise<void> {
    const held = addresses.map((address) => ({ address, record: recordOf(address) }));
    const marks = (address: string) => (isErasure ? [{ key: erasedKey(now(), address), value: new Uint8Array(0) }] : []);
    // Files first: a crash in between leaves a record, by which the next attempt finds what is left, and no file that nobody knows.
    // One without a record may be there: a kill can fall between the file of a blob and its record.
    for (const { address, record } of held) if (record?.[0] !== INLINE) await files.remove(address);
    await write(
      held.flatMap(({ address, record }) => (record ? [remove(blobKey(address)), ...endWait(address, record), ...marks(address)] : [])),
    );
  }

  async function sweep(storedBefore: number): Promise<number> {
    const stale: string[] = [];
    for await (const [key] of kv.range({ gte: waitingKey(0, ""), lt: waitingKey(storedBefore, "") })) {
      stale.push(addressIn(key));
    }
    return inTurn(async () => {
      // Asked again: a transaction may have come, or the blob once more, since the list was begun.
      const unwanted = stale.filter((address) => isUnwanted(recordOf(address), storedBefore));
      await forget(unwanted, { isErasure: false });
      return unwanted.length;
    });
  }

  return {
    put,
    get,
    has(address) {
      const record = recordOf(address);
      return record !== undefined && !isDamaged(record);
    },
    async sizeBytes(address) {
      const record = recordOf(address);
      if (record?.[0] === INLINE) return record.length - HEADER_BYTES;
      return record ? files.sizeBytes(address).catch(() => MAX_BLOB_BYTES) : MAX_BLOB_BYTES;
    },
    reference: (addresses) => inTurn(() => reference(addresses)),
    delete: (addresses) => inTurn(() => forget(addresses, { isErasure: true })),
    purge: (signal) => purgeErased({ ...kv, write }, signal),
    restore: (blobs) => inTurn(() => restore(blobs)),
    namedAfter,
    sweep,
    failure: () => failure,
  };
}

async function purgeErased(kv: Pick<KeyValueStore, "range" | "purge" | "write">, signal: AbortSignal): Promise<void> {
  const marks: Uint8Array[] = [];
  for await (const [mark] of kv.range({ gte: ERASED.first, lt: ERASED.end })) marks.push(mark);
  // Piece by piece of the address space: keys that are far apart lie in as many files as the whole store has.
  for (const near of Map.groupBy(marks, (mark) => addressIn(mark).slice(0, 2)).values()) {
    if (signal.aborted) return;
    await kv.purge(near.map((mark) => blobKey(addressIn(mark))));
    await kv.write(near.map(remove));
  }
}

/** Runs one change after the other: each depends on the records that it finds. */
function createTurns(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const done = last.then(change);
    last = done.catch(() => {}); // who waits for `done` hears of it
    return done;
  };
}

function requireSize({ length }: Uint8Array): void {
  if (length === 0) throw errors.Empty();
  if (length > MAX_BLOB_BYTES) throw errors.TooLarge({ sizeBytes: length, maxBytes: MAX_BLOB_BYTES });
}

function storeWrites(address: string, bytes: Uint8Array, at: number): Write[] {
  return [
    { key: blobKey(address), value: recordFor(bytes, at) },
    { key: waitingKey(at, address), value: new Uint8Array(0) },
  ];
}

function recordFor(bytes: Uint8Array, at: number): Uint8Array {
  const inFile = bytes.length >= FILE_FROM_BYTES;
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = inFile ? IN_FILE : INLINE;
  return withStoredAt(inFile ? header : concatBytes([header, bytes]), at);
}

/** A damaged record counts as named, so that no sweep takes it, and as one with a file, which perhaps it had. */
const damagedRecord = Uint8Array.of(DAMAGED, ...new Array<number>(HEADER_BYTES - 1).fill(REFERENCED));

function readRecord(kv: KeyValueStore, key: Uint8Array): Uint8Array | undefined {
  try {
    return kv.get(key);
  } catch (error) {
    if (error instanceof StoreError && error.code === "StateCorrupt") return damagedRecord;
    throw error;
  }
}

function isDamaged(record: Uint8Array | undefined): boolean {
  return record?.[0] === DAMAGED;
}

/** Whether a committed transaction names the blob of this record. */
function isNamedRecord(record: Uint8Array | undefined): boolean {
  return record !== undefined && storedAt(record) === REFERENCED;
}

function isUnwanted(record: Uint8Array | undefined, storedBefore: number): boolean {
  return record !== undefined && !isNamedRecord(record) && storedAt(record) < storedBefore;
}

function endWait(address: string, record: Uint8Array | undefined): Write[] {
  return record ? [remove(waitingKey(storedAt(record), address))] : [];
}

/** A file that is gone, or that the disk cannot read, is as corrupt as one that is altered. */
async function readFile(files: BlobFiles, address: string): Promise<Uint8Array | undefined> {
  try {
    return await files.read(address);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EIO") return undefined;
    throw error;
  }
}

function storedAt(record: Uint8Array): number {
  return Number(new DataView(record.buffer, record.byteOffset).getBigUint64(1));
}

function withStoredAt(record: Uint8Array, at: number): Uint8Array {
  const copy = record.slice();
  new DataView(copy.buffer).setBigUint64(1, BigInt(at));
  return copy;
}

const remove = (key: Uint8Array): Write => ({ key, value: undefined });
const blobKey = (address: string) => Buffer.from(`b/${address}`, "latin1");
/** Blobs that wait for the transaction that names them, in the order of their arrival. */
const waitingKey = (at: number, address: string) => Buffer.from(`w/${timeText(at)}/${address}`, "latin1");
/** Blobs that were erased and may still lie in the store's files. */
const erasedKey = (at: number, address: string) => Buffer.from(`e/${timeText(at)}/${address}`, "latin1");
const ERASED = { first: Buffer.from("e/", "latin1"), end: Buffer.from("e0", "latin1") };
const timeText = (at: number) => at.toString().padStart(16, "0");
/** The address with which any of these keys ends. */
const addressIn = (key: Uint8Array) => String.fromCharCode(...key.subarray(-64));

function isDiskFull(error: unknown): boolean {
  for (let cause = error as (NodeJS.ErrnoException & { cause?: unknown }) | undefined; cause; cause = cause.cause as typeof cause) {
    if (cause.code === "ENOSPC" || cause.code === "EDQUOT" || /no space left/i.test(cause.message)) return true;
  }
  return false;
}
