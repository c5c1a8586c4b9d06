import type { TxResult } from "@galen/ledger/app/execute";
import { ValidatorSet } from "@galen/ledger/app/parameters";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { Block } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { Validator } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes, writeHex } from "@galen/ledger/crypto/hex";
import { codecOf } from "@galen/ledger/schema/codec";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from "./block-record.ts";
import { createEventReaders } from "./event-reader.ts";
import type { BlockTx } from "./sealed-block.ts";
import type { SignedHeader, Tip } from "./tip.ts";

/** A transaction in its durable block. */
export interface ExecutedTx {
  readonly txHash: string;
  readonly height: number;
  /** Position in the block, from 0. */
  readonly index: number;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  readonly result: TxResult;
}

/** The durable blocks by height, without a gap. Everything answers undefined outside. */
export interface ChainStore {
  /** The lowest and the highest height whose block is stored; undefined when none is. */
  bounds(): Promise<{ readonly earliest: number; readonly latest: number } | undefined>;
  /** Whether the block of a height is stored. */
  holds(height: number): boolean;
  /** The protobuf block. */
  blockBytes(height: number): Uint8Array | undefined;
  block(height: number): Block | undefined;
  signedHeader(height: number): SignedHeader | undefined;
  record(height: number): BlockRecord | undefined;
  /** What executing a block gave that is not stored with its commit yet; `appVersion` executed it. */
  executedRecord(height: number, appVersion: number): BlockRecord | undefined;
  /** What executing a block gave, in the bytes in which every node keeps it. */
  recordBytes(height: number): Uint8Array | undefined;
  /** The record in such bytes; `appVersion` executed it. Throws SchemaError, or Error on an event that this version does not know. */
  decodeRecord(bytes: Uint8Array, appVersion: number): BlockRecord;
  tx(txHash: string): ExecutedTx | undefined;
  /** The set that decides on `height`, in set order. */
  validators(height: number): Promise<readonly Validator[] | undefined>;
}

// Everything of the engine starts with "b"; the second letter is the kind of record.
const BLOCK = "bb";
const HEADER = "bh";
const COMMIT = "bc";
const RECORD = "br";
const TX = "bt";
const VALIDATORS = "bv";
/** Two letters and a hash; height and index. */
const TX_KEY_BYTES = 34;
const PLACE_BYTES = 12;

const validatorSet = codecOf(ValidatorSet);

/** Opens the blocks in `kv`; `versions` are those that executed them. */
export function openChainStore(kv: KeyValueStore, versions: readonly LedgerVersion[]): ChainStore {
  const eventReaders = createEventReaders(versions);

  function signedHeader(height: number): SignedHeader | undefined {
    const [header, commit] = [kv.get(heightKey(HEADER, height)), kv.get(heightKey(COMMIT, height))];
    return header && commit && { header: Header.decode(header), commit: Commit.decode(commit) };
  }

  function record(height: number): BlockRecord | undefined {
    const signed = signedHeader(height);
    return signed && executedRecord(height, signed.header.version.app);
  }

  function executedRecord(height: number, appVersion: number): BlockRecord | undefined {
    const bytes = store.recordBytes(height);
    return bytes && store.decodeRecord(bytes, appVersion);
  }

  async function outermost(reverse: boolean): Promise<number | undefined> {
    const range = { gte: heightKey(HEADER, 0), lt: heightKey(HEADER, Number.MAX_SAFE_INTEGER), reverse, limit: 1 };
    for await (const [key] of kv.range(range)) return heightOf(key);
    return undefined;
  }

  const store: ChainStore = {
    async bounds() {
      const [earliest, latest] = [await outermost(false), await outermost(true)];
      return earliest === undefined || latest === undefined ? undefined : { earliest, latest };
    },
    holds: (height) => kv.get(heightKey(HEADER, height)) !== undefined,
    blockBytes: (height) => kv.get(heightKey(BLOCK, height)),
    block(height) {
      const bytes = store.blockBytes(height);
      return bytes && Block.decode(bytes);
    },
    signedHeader,
    record,
    executedRecord,
    recordBytes: (height) => kv.get(heightKey(RECORD, height)),
    decodeRecord: (bytes, appVersion) => decodeBlockRecord(bytes, eventReaders(appVersion)),
    tx(txHash) {
      const place = kv.get(txKey(txHash));
      if (!place) return undefined;
      const { height, index } = decodePlace(place);
      const { header } = signedHeader(height)!;
      return { txHash, height, index, time: toMilliseconds(header.time), result: record(height)!.txResults[index]! };
    },
    async validators(height) {
      if (height < 1) return undefined;
      const range = { gte: heightKey(VALIDATORS, 0), lt: heightKey(VALIDATORS, height + 1), reverse: true, limit: 1 };
      for await (const [, bytes] of kv.range(range)) return decodeValidators(bytes);
      return undefined;
    },
  };
  return store;
}

/** A block and what it did, on its way to the disk. */
export interface BlockToKeep {
  /** What the block followed. */
  readonly before: Tip;
  /** What follows it. */
  readonly after: Tip;
  readonly bytes: Uint8Array;
  readonly txs: readonly BlockTx[];
  readonly record: BlockRecord;
}

/** The writes that keep a block; they belong into the batch of the ledger's own. */
export function blockWrites({ record, ...block }: BlockToKeep): Write[] {
  return [...executedBlockWrites(block), recordWrite(block.after.height, record)];
}

/** The writes that keep a block of which it is kept already what executing it gave. */
export function executedBlockWrites({ before, after, bytes, txs }: Omit<BlockToKeep, "record">): Write[] {
  const { height, header, commit } = after;
  const writes: Write[] = [
    { key: heightKey(BLOCK, height), value: bytes, isPermanent: true },
    { key: heightKey(HEADER, height), value: Header.encode(header!) },
    { key: heightKey(COMMIT, height), value: Commit.encode(commit) },
  ];
  writes.push(...placeWrites(height, txs));
  // A set stands under the first height that it decides on, and holds until the next.
  if (before.header === undefined) {
    writes.push({ key: heightKey(VALIDATORS, height), value: encodeValidators(before.validators) });
    if (before.nextValidators !== before.validators)
      writes.push({ key: heightKey(VALIDATORS, height + 1), value: encodeValidators(before.nextValidators) });
  }
  if (after.nextValidators !== before.nextValidators) {
    writes.push({ key: heightKey(VALIDATORS, height + 2), value: encodeValidators(after.nextValidators) });
  }
  return writes;
}

/** A block of the past, verified by the block after it, on its way to the disk. */
export interface PastBlock {
  readonly header: Header;
  readonly commit: Commit;
  readonly bytes: Uint8Array;
  readonly txs: readonly BlockTx[];
  readonly recordBytes: Uint8Array;
  /** The set that decided on it. */
  readonly validators: readonly Validator[];
}

/**
 * The writes that keep blocks of the past, given from the highest down without a gap. A validator set stands where it begins to decide, and with the lowest block,
 * since those before it may still be missing.
 */
export function pastBlockWrites(blocks: readonly PastBlock[]): Write[] {
  return blocks.flatMap((past, index) => {
    const { header, commit, bytes, txs, recordBytes, validators } = past;
    const { height } = header;
    const before = blocks[index + 1];
    const isNewSet = before === undefined || !equalBytes(before.header.validatorsHash, header.validatorsHash);
    return [
      { key: heightKey(BLOCK, height), value: bytes, isPermanent: true },
      { key: heightKey(HEADER, height), value: Header.encode(header) },
      { key: heightKey(COMMIT, height), value: Commit.encode(commit) },
      { key: heightKey(RECORD, height), value: recordBytes, isPermanent: true },
      ...(isNewSet ? [{ key: heightKey(VALIDATORS, height), value: encodeValidators(validators) }] : []),
      ...placeWrites(height, txs),
    ];
  });
}

/** The write that keeps what executing a block gave. With the ledger's own writes it loses nothing, whenever the block itself is stored. */
export function recordWrite(height: number, record: BlockRecord): Write {
  return { key: heightKey(RECORD, height), value: encodeBlockRecord(record), isPermanent: true };
}

/** The write that puts another commit of the same block in the place of the first: what the next block says made it final. */
export function commitWrite(commit: Commit): Write {
  return { key: heightKey(COMMIT, commit.height), value: Commit.encode(commit) };
}

function heightKey(kind: string, height: number): Uint8Array {
  const key = new Uint8Array(10);
  key[0] = kind.charCodeAt(0);
  key[1] = kind.charCodeAt(1);
  writeInteger(key, 2, 8, height);
  return key;
}

function heightOf(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset).getBigUint64(2));
}

/** A text that is no hash gives a key that no transaction has. */
function txKey(txHash: string): Uint8Array {
  const key = new Uint8Array(2 + Math.floor(txHash.length / 2));
  return writeTxKey(txHash, key, 0) ? key : key.subarray(0, 2);
}

function writeTxKey(txHash: string, target: Uint8Array, at: number): boolean {
  target[at] = TX.charCodeAt(0);
  target[at + 1] = TX.charCodeAt(1);
  return writeHex(txHash, target, at + 2);
}

/** Where each transaction stands. All records lie side by side: a piece of memory for each would be most of what they cost. */
function placeWrites(height: number, txs: readonly BlockTx[]): Write[] {
  const bytes = new Uint8Array((TX_KEY_BYTES + PLACE_BYTES) * txs.length);
  return txs.map(({ txHash }, index) => {
    const at = (TX_KEY_BYTES + PLACE_BYTES) * index;
    const end = at + TX_KEY_BYTES + PLACE_BYTES;
    const value = bytes.subarray(at + TX_KEY_BYTES, end);
    writeTxKey(txHash, bytes, at);
    writeInteger(value, 0, 8, height);
    writeInteger(value, 8, 4, index);
    return { key: bytes.subarray(at, at + TX_KEY_BYTES), value };
  });
}

/** Big endian. Digit by digit, because a DataView would move so short an array out of the collector's cheap memory. */
function writeInteger(target: Uint8Array, at: number, size: number, value: number): void {
  let rest = value;
  for (let i = at + size - 1; i >= at; i--) {
    target[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function decodePlace(bytes: Uint8Array): { height: number; index: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { height: Number(view.getBigUint64(0)), index: view.getUint32(8) };
}

/** Canonical bytes of a validator set. */
export function encodeValidators(set: readonly Validator[]): Uint8Array {
  return validatorSet.encode({
    validators: set.map(({ publicKey, power }) => ({ publicKey: bytesToHex(publicKey), power: Number(power) })),
  });
}

/** The set in such bytes. Throws SchemaError. */
export function decodeValidators(bytes: Uint8Array): Validator[] {
  return validatorSet.decode(bytes).validators.map(({ publicKey, power }) => ({ publicKey: hexToBytes(publicKey)!, power: BigInt(power) }));
}
