import type { TxResult } from "@galen/ledger/app/execute";
import { writeHex } from "@galen/ledger/crypto/hex";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import type { BlockRecord } from "./block-record.ts";
import { writeInteger } from "./integer-bytes.ts";
import type { BlockTx } from "./sealed-block.ts";

/** Where a transaction stands. */
export interface TxPlace {
  readonly height: number;
  /** Position in the block, from 0. */
  readonly index: number;
}

/** What is known of transactions and their blocks. */
export interface Places {
  /** Where it stands what became of a transaction: where it executed, or else in the first block that turned it away. */
  place(txHash: string): TxPlace | undefined;
  record(height: number): BlockRecord | undefined;
}

interface PlacedBlock {
  readonly height: number;
  readonly txs: readonly BlockTx[];
  readonly record: BlockRecord;
}

const TX = "bt";
/** Two letters and a hash; height and index. */
const TX_KEY_BYTES = 34;
const PLACE_BYTES = 12;

/** The place that is kept of a transaction. */
export function placeOf(txHash: string, kv: Pick<KeyValueStore, "get">): TxPlace | undefined {
  const bytes = kv.get(txKey(txHash));
  return bytes && decodePlace(bytes);
}

const turnedAway = new Set(Object.values(txErrors).map(({ kind }) => kind.code));

/** Whether a transaction was refused for what it is, as a rule before it counted as executed: in another block it may have been, or may yet be. */
export function isTurnedAway({ code }: TxResult): boolean {
  return turnedAway.has(code);
}

/** Whether another block than the one at `height`, which turned a transaction away, says what became of it. */
export function isToldElsewhere(txHash: string, height: number, store: Places): boolean {
  const other = store.place(txHash);
  if (!other || other.height <= height) return other !== undefined;
  const result = store.record(other.height)?.txResults[other.index];
  return result !== undefined && !isTurnedAway(result);
}

/**
 * Where each transaction stands. A proposer may put into its block what another block has executed, and everybody would be told of the refusal: one that is turned
 * away stands here only unless it is told elsewhere. All records lie side by side: a piece of memory for each would be most of what they cost.
 */
export function placeWrites({ height, txs, record }: PlacedBlock, isElsewhere: (txHash: string) => boolean): Write[] {
  const bytes = new Uint8Array((TX_KEY_BYTES + PLACE_BYTES) * txs.length);
  const writes: Write[] = [];
  for (const [index, { txHash }] of txs.entries()) {
    if (isTurnedAway(record.txResults[index]!) && isElsewhere(txHash)) continue;
    const at = (TX_KEY_BYTES + PLACE_BYTES) * index;
    const end = at + TX_KEY_BYTES + PLACE_BYTES;
    const value = bytes.subarray(at + TX_KEY_BYTES, end);
    writeTxKey(txHash, bytes, at);
    writeInteger(value, 0, 8, height);
    writeInteger(value, 8, 4, index);
    writes.push({ key: bytes.subarray(at, at + TX_KEY_BYTES), value });
  }
  return writes;
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

function decodePlace(bytes: Uint8Array): TxPlace {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { height: Number(view.getBigUint64(0)), index: view.getUint32(8) };
}
