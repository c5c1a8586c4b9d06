import type { TxResult } from "@galen/ledger/app/execute";
import { ValidatorSet } from "@galen/ledger/app/parameters";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { Block } from "@galen/ledger/block/block";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { Validator } from "@galen/ledger/block/validator";
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

/** The durable blocks by height, from 1. Everything answers undefined beyond the last. */
export interface ChainStore {
  /** The protobuf block. */
  blockBytes(height: number): Uint8Array | undefined;
  block(height: number): Block | undefined;
  signedHeader(height: number): SignedHeader | undefined;
  record(height: number): BlockRecord | undefined;
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

const validatorSet = codecOf(ValidatorSet);

/** Opens the blocks in `kv`; `versions` are those that executed them. */
export function openChainStore(kv: KeyValueStore, versions: readonly LedgerVersion[]): ChainStore {
  const eventReaders = createEventReaders(versions);

  function signedHeader(height: number): SignedHeader | undefined {
    const [header, commit] = [kv.get(heightKey(HEADER, height)), kv.get(heightKey(COMMIT, height))];
    return header && commit && { header: Header.decode(header), commit: Commit.decode(commit) };
  }

  function record(height: number): BlockRecord | undefined {
    const [bytes, signed] = [kv.get(heightKey(RECORD, height)), signedHeader(height)];
    return bytes && signed && decodeBlockRecord(bytes, eventReaders(signed.header.version.app));
  }

  const store: ChainStore = {
    blockBytes: (height) => kv.get(heightKey(BLOCK, height)),
    block(height) {
      const bytes = store.blockBytes(height);
      return bytes && Block.decode(bytes);
    },
    signedHeader,
    record,
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
export function blockWrites({ before, after, bytes, txs, record }: BlockToKeep): Write[] {
  const { height, header, commit } = after;
  const writes: Write[] = [
    { key: heightKey(BLOCK, height), value: bytes },
    { key: heightKey(HEADER, height), value: Header.encode(header!) },
    { key: heightKey(COMMIT, height), value: Commit.encode(commit) },
    { key: heightKey(RECORD, height), value: encodeBlockRecord(record) },
  ];
  txs.forEach(({ txHash }, index) => {
    writes.push({ key: txKey(txHash), value: encodePlace(height, index) });
  });
  // A set stands under the first height that it decides on, and holds until the next.
  if (before.height === 0) writes.push({ key: heightKey(VALIDATORS, 1), value: encodeValidators(before.validators) });
  if (after.nextValidators !== before.nextValidators) {
    writes.push({ key: heightKey(VALIDATORS, height + 2), value: encodeValidators(after.nextValidators) });
  }
  return writes;
}

function heightKey(kind: string, height: number): Uint8Array {
  const key = new Uint8Array(10);
  key[0] = kind.charCodeAt(0);
  key[1] = kind.charCodeAt(1);
  writeInteger(key, 2, 8, height);
  return key;
}

/** A text that is no hash gives a key that no transaction has. */
function txKey(txHash: string): Uint8Array {
  const key = new Uint8Array(2 + Math.floor(txHash.length / 2));
  key[0] = TX.charCodeAt(0);
  key[1] = TX.charCodeAt(1);
  return writeHex(txHash, key, 2) ? key : key.subarray(0, 2);
}

function encodePlace(height: number, index: number): Uint8Array {
  const bytes = new Uint8Array(12);
  writeInteger(bytes, 0, 8, height);
  writeInteger(bytes, 8, 4, index);
  return bytes;
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

function encodeValidators(set: readonly Validator[]): Uint8Array {
  return validatorSet.encode({
    validators: set.map(({ publicKey, power }) => ({ publicKey: bytesToHex(publicKey), power: Number(power) })),
  });
}

function decodeValidators(bytes: Uint8Array): Validator[] {
  return validatorSet.decode(bytes).validators.map(({ publicKey, power }) => ({ publicKey: hexToBytes(publicKey)!, power: BigInt(power) }));
}
