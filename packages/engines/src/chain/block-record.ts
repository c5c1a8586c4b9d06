import type { LedgerEvent } from "@galen/ledger/app/events";
import type { TxResult } from "@galen/ledger/app/execute";
import type { FinalizedBlock } from "@galen/ledger/app/ledger";
import type { Details } from "@galen/ledger/app/refusal";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { decodeUtf8, encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { type CborReader, createCborReader } from "@galen/ledger/schema/cbor-reader";
import { ARRAY, BYTES, type CborWriter, createCborWriter, NULL, TEXT, UNSIGNED } from "@galen/ledger/schema/cbor-writer";
import { SchemaError } from "@galen/ledger/schema/schema-error";

/** What executing a block gave, as it is kept: results, events, and what the next header needs. */
export interface BlockRecord extends FinalizedBlock {
  /** Limit of the next block, a parameter of the chain. */
  readonly maxBlockBytes: number;
}

/** Makes an event of its leaf again; the data's schema belongs to the version that emitted it. */
export type EventReader = (leaf: Uint8Array) => LedgerEvent;

type Refused = NonNullable<TxResult["refusal"]>;

/** Far above any block's results; the writer needs a limit. */
const MAX_RECORD_BYTES = 1_073_741_824;

/** Deterministic CBOR, positional. Events are kept as the leaves that their transaction's root commits to. */
export function encodeBlockRecord(record: BlockRecord): Uint8Array {
  const writer = createCborWriter(MAX_RECORD_BYTES);
  writer.head(ARRAY, 6);
  writeBytes(writer, record.appHash);
  writer.head(UNSIGNED, record.appVersion);
  writer.head(UNSIGNED, record.maxBlockBytes);
  writeList(writer, record.validatorUpdates, ({ publicKey, power }) => {
    writer.head(ARRAY, 2);
    writeBytes(writer, hexToBytes(publicKey)!);
    writer.head(UNSIGNED, power);
  });
  writeList(writer, record.events, ({ leaf }) => writeBytes(writer, leaf));
  writeList(writer, record.txResults, (result) => writeResult(writer, result));
  return writer.finish();
}

/** The record in `bytes`. Throws SchemaError on anything that `encodeBlockRecord` does not make. */
export function decodeBlockRecord(bytes: Uint8Array, readEvent: EventReader): BlockRecord {
  return decodeRecord(bytes, readEvent);
}

/** A transaction's result with its events as they are kept. */
export type KeptResult = Omit<TxResult, "events"> & { readonly events: readonly Uint8Array[] };

/** The results in a record with their events as they are kept: to make events of the leaves is nearly all that reading a record costs. Throws SchemaError. */
export function decodeKeptResults(bytes: Uint8Array): readonly KeptResult[] {
  return decodeRecord(bytes, (leaf) => leaf).txResults;
}

function decodeRecord<Event>(bytes: Uint8Array, readEvent: (leaf: Uint8Array) => Event) {
  const reader = createCborReader(bytes);
  requireFields(reader, 6);
  const record = {
    appHash: readBytes(reader),
    appVersion: reader.head(UNSIGNED),
    maxBlockBytes: reader.head(UNSIGNED),
    validatorUpdates: readList(reader, () => {
      requireFields(reader, 2);
      return { publicKey: bytesToHex(readBytes(reader)), power: reader.head(UNSIGNED) };
    }),
    events: readList(reader, () => readEvent(readBytes(reader))),
    txResults: readList(reader, () => readResult(reader, readEvent)),
  };
  reader.end();
  return record;
}

function writeResult(writer: CborWriter, { code, data, refusal, events }: TxResult): void {
  writer.head(ARRAY, 4);
  writer.head(UNSIGNED, code);
  writeBytes(writer, data);
  if (refusal) writeRefused(writer, refusal);
  else writer.simple(NULL);
  writeList(writer, events, ({ leaf }) => writeBytes(writer, leaf));
}

function readResult<Event>(reader: CborReader, readEvent: (leaf: Uint8Array) => Event) {
  requireFields(reader, 4);
  return {
    code: reader.head(UNSIGNED),
    data: readBytes(reader),
    refusal: readRefused(reader),
    events: readList(reader, () => readEvent(readBytes(reader))),
  };
}

/** The sentence is kept with the result: it is what was answered then, whatever the table says later. */
function writeRefused(writer: CborWriter, { id, status, sentence, details }: Refused): void {
  writer.head(ARRAY, 4);
  writeText(writer, id);
  writer.head(UNSIGNED, status);
  writeText(writer, sentence);
  writeText(writer, JSON.stringify(details));
}

function readRefused(reader: CborReader): Refused | undefined {
  if (reader.peek() === NULL) {
    reader.skip();
    return undefined;
  }
  requireFields(reader, 4);
  const [id, status, sentence] = [readText(reader), reader.head(UNSIGNED), readText(reader)];
  return { id, status, sentence, details: JSON.parse(readText(reader)) as Details };
}

function requireFields(reader: CborReader, count: number): void {
  if (reader.head(ARRAY) !== count) throw new SchemaError(`must have ${count} fields`);
}

function writeList<T>(writer: CborWriter, items: readonly T[], write: (item: T) => void): void {
  writer.head(ARRAY, items.length);
  items.forEach(write);
}

/** Item by item: the count is a stranger's word, and an array of that length would take memory before the bytes end. */
function readList<T>(reader: CborReader, read: () => T): T[] {
  const items: T[] = [];
  for (let left = reader.head(ARRAY); left > 0; left--) items.push(read());
  return items;
}

function writeBytes(writer: CborWriter, bytes: Uint8Array): void {
  writer.head(BYTES, bytes.length);
  writer.raw(bytes);
}

function readBytes(reader: CborReader): Uint8Array {
  return reader.raw(reader.head(BYTES));
}

function writeText(writer: CborWriter, text: string): void {
  const bytes = encodeUtf8(text)!;
  writer.head(TEXT, bytes.length);
  writer.raw(bytes);
}

function readText(reader: CborReader): string {
  return decodeUtf8(reader.raw(reader.head(TEXT)))!;
}
