import type { TxResult } from "@galen/ledger/app/execute";
import { ValidatorSet } from "@galen/ledger/app/parameters";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { Block } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { Validator } from "@galen/ledger/block/validator";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { codecOf } from "@galen/ledger/schema/codec";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { type BlockRecord, decodeBlockRecord, decodeKeptResults, encodeBlockRecord } from "./block-record.ts";
import { createEventReaders } from "./event-reader.ts";
import { writeInteger } from "./integer-bytes.ts";
import type { BlockTx } from "./sealed-block.ts";
import type { SignedHeader, Tip } from "./tip.ts";
import { isToldElsewhere, isTurnedAway, type Places, placeOf, placeWrites, type TxPlace } from "./tx-places.ts";

/** A transaction in its durable block. */
export interface ExecutedTx extends TxPlace {
  readonly txHash: string;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  readonly result: TxResult;
}

/** The part of a transaction's result that all nodes agree on; refusals are code and nothing else. */
export type TxOutcome = Pick<TxResult, "code" | "data">;

/** The durable blocks by height, without a gap. Everything answers undefined outside. */
export interface ChainStore extends Places {
  /** The lowest and the highest height whose block is stored; undefined when none is. */
  bounds(): Promise<{ readonly earliest: number; readonly latest: number } | undefined>;
  /** The highest height, of those between two and these themselves, whose block is not stored; undefined when all are. */
  gapIn(from: number, to: number): Promise<number | undefined>;
  /** Whether the block of a height is stored. */
  holds(height: number): boolean;
  /** The protobuf block. */
  blockBytes(height: number): Uint8Array | undefined;
  block(height: number): Block | undefined;
  signedHeader(height: number): SignedHeader | undefined;
  /** What executing a block gave that is not stored with its commit yet; `appVersion` executed it. */
  executedRecord(height: number, appVersion: number): BlockRecord | undefined;
  /** What executing a block gave, in the bytes in which every node keeps it. */
  recordBytes(height: number): Uint8Array | undefined;
  /** What headers commit to of a block's results, without making its events. */
  outcomes(height: number): readonly TxOutcome[] | undefined;
  /** The record in such bytes; `appVersion` executed it. Throws SchemaError, or Error on an event that this version does not know. */
  decodeRecord(bytes: Uint8Array, appVersion: number): BlockRecord;
  tx(txHash: string): ExecutedTx | undefined;
  /** The set that decides on `height`, in set order. */
  validators(height: number): Promise<readonly Validator[] | undefined>;
}

// Everything of the engine starts with "b"; the second letter is the kind of record. "bt" are the places of transactions.
const BLOCK = "bb";
const HEADER = "bh";
const COMMIT = "bc";
const RECORD = "br";
const VALIDATORS = "bv";

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
    async gapIn(from, to) {
      let due = to;
      for await (const key of kv.keys({ gte: heightKey(HEADER, from), lt: heightKey(HEADER, to + 1), reverse: true })) {
        if (heightOf(key) !== due) return due;
        due -= 1;
      }
      return due < from ? undefined : due;
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
    outcomes(height) {
      const bytes = store.recordBytes(height);
      return bytes && decodeKeptResults(bytes);
    },
    decodeRecord: (bytes, appVersion) => decodeBlockRecord(bytes, eventReaders(appVersion)),
    place: (txHash) => placeOf(txHash, kv),
    tx(txHash) {
      const place = store.place(txHash);
      if (!place) return undefined;
      const { height, index } = place;
      const { header } = signedHeader(height)!;
      // Of its block's events only its own are made: anybody may ask for any, and others can have thousands.
      const { events, ...result } = decodeKeptResults(store.recordBytes(height)!)[index]!;
      const read = eventReaders(header.version.app);
      return { txHash, height, index, time: toMilliseconds(header.time), result: { ...result, events: events.map(read) } };
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
export function blockWrites(block: BlockToKeep, store: Places): Write[] {
  return [...executedBlockWrites(block, store), recordWrite(block.after.height, block.record)];
}

/** The writes that keep a block of which it is kept already what executing it gave. */
export function executedBlockWrites({ before, after, bytes, txs, record }: BlockToKeep, store: Places): Write[] {
  const { height, header, commit } = after;
  const writes: Write[] = [
    { key: heightKey(BLOCK, height), value: bytes, isPermanent: true },
    { key: heightKey(HEADER, height), value: Header.encode(header!) },
    { key: heightKey(COMMIT, height), value: Commit.encode(commit) },
  ];
  writes.push(...placeWrites({ height, txs, record }, (txHash) => isToldElsewhere(txHash, height, store)));
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
  readonly record: BlockRecord;
  /** The set that decided on it. */
  readonly validators: readonly Validator[];
}

/**
 * The writes that keep blocks of the past, given from the highest down without a gap. A validator set stands where it begins to decide, and with the lowest block,
 * since those before it may still be missing.
 */
export function pastBlockWrites(blocks: readonly PastBlock[], store: Places): Write[] {
  const executedAbove = new Set<string>();
  return blocks.flatMap((past, index) => {
    const { header, commit, bytes, txs, recordBytes, record, validators } = past;
    const { height } = header;
    const before = blocks[index + 1];
    const isNewSet = before === undefined || !equalBytes(before.header.validatorsHash, header.validatorsHash);
    const places = placeWrites({ height, txs, record }, (txHash) => executedAbove.has(txHash) || isToldElsewhere(txHash, height, store));
    for (const [at, { txHash }] of txs.entries()) if (!isTurnedAway(record.txResults[at]!)) executedAbove.add(txHash);
    return [
      { key: heightKey(BLOCK, height), value: bytes, isPermanent: true },
      { key: heightKey(HEADER, height), value: Header.encode(header) },
      { key: heightKey(COMMIT, height), value: Commit.encode(commit) },
      { key: heightKey(RECORD, height), value: recordBytes, isPermanent: true },
      ...(isNewSet ? [{ key: heightKey(VALIDATORS, height), value: encodeValidators(validators) }] : []),
      ...places,
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
