import { concatBytes } from "../crypto/bytes.ts";
import { SchemaError } from "../schema/schema-error.ts";

/** 0 = varint, 1 = eight bytes, 2 = length-delimited: all that CometBFT's blocks use. */
export type WireType = 0 | 1 | 2;

/** One field as it stands on the wire; `payload` is the varint, the eight bytes or the content. */
export interface RawField {
  readonly tag: number;
  readonly wire: WireType;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_VARINT_BYTES = 10;

/** The varints of one byte. */
const ONE_BYTE = Array.from({ length: 0x80 }, (_, value) => Uint8Array.of(value));

/** Unsigned LEB128 of a value modulo 2^64, so negative int64 take ten bytes. The bytes may be shared: they must not be changed. */
export function encodeVarint(value: number | bigint): Uint8Array {
  if (value >= 0 && value < 0x80) return ONE_BYTE[Number(value)]!; // most are: keys, flags, small lengths
  if (value >= 0 && value < 0x4000) return Uint8Array.of((Number(value) & 0x7f) | 0x80, Number(value) >> 7); // and most other lengths
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** The value of a varint that fills `bytes`, 0 ≤ value < 2^64. Throws SchemaError beyond that. */
export function decodeVarint(bytes: Uint8Array): bigint {
  const value = bytes.reduceRight((high, byte) => (high << 7n) | BigInt(byte & 0x7f), 0n);
  if (value > MAX_UINT64) throw new SchemaError("varint beyond 64 bits");
  return value;
}

/** A field with its tag and, where the wire type asks for it, its length. */
export function encodeField(tag: number, wire: WireType, payload: Uint8Array): Uint8Array {
  return concatBytes(fieldPieces(tag, wire, payload));
}

/** What `encodeField` puts together, for whoever puts more together at once. */
export function fieldPieces(tag: number, wire: WireType, payload: Uint8Array): Uint8Array[] {
  const key = encodeVarint(tag * 8 + wire);
  return wire === 2 ? [key, encodeVarint(payload.length), payload] : [key, payload];
}

/** An integer field; zero is not written, as in proto3. */
export function varintField(tag: number, value: number | bigint): Uint8Array {
  return Number(value) === 0 ? NOTHING : encodeField(tag, 0, encodeVarint(value));
}

/** An `sfixed64` field; zero is not written. */
export function fixed64Field(tag: number, value: number): Uint8Array {
  if (value === 0) return NOTHING;
  const payload = new Uint8Array(8);
  new DataView(payload.buffer).setBigInt64(0, BigInt(value), true);
  return encodeField(tag, 1, payload);
}

/** A bytes or string field; the empty one is not written. */
export function bytesField(tag: number, value: Uint8Array): Uint8Array {
  return value.length === 0 ? NOTHING : encodeField(tag, 2, value);
}

/** An embedded message that is written even when empty: gogoproto's `nullable = false`. */
export function messageField(tag: number, message: Uint8Array): Uint8Array {
  return encodeField(tag, 2, message);
}

/** The fields of a message in wire order, payloads as views of `bytes`. Throws SchemaError on a varint that is not minimal or a length that overruns. */
export function parseFields(bytes: Uint8Array): RawField[] {
  const fields: RawField[] = [];
  visitFields(bytes, (tag, wire, start, end) => fields.push({ tag, wire, payload: bytes.subarray(start, end) }));
  return fields;
}

/**
 * Tells where the payload of each field of a message starts and ends, in wire order. Nothing is made for a field: a message may have millions. Throws SchemaError
 * like `parseFields`.
 */
export function visitFields(bytes: Uint8Array, visit: (tag: number, wire: WireType, start: number, end: number) => void): void {
  for (let at = 0; at < bytes.length; ) {
    const afterKey = varintEnd(bytes, at);
    const key = numberBetween(bytes, at, afterKey);
    const wire = key % 8;
    if (wire !== 0 && wire !== 1 && wire !== 2) throw new SchemaError(`wire type ${wire} is not used here`);
    const start = wire === 2 ? varintEnd(bytes, afterKey) : afterKey;
    const end = wire === 2 ? start + numberBetween(bytes, afterKey, start) : scalarEnd(bytes, start, wire);
    if (end > bytes.length) throw new SchemaError("message is cut short");
    visit(Math.floor(key / 8), wire, start, end);
    at = end;
  }
}

function scalarEnd(bytes: Uint8Array, at: number, wire: 0 | 1): number {
  return wire === 0 ? varintEnd(bytes, at) : at + 8;
}

/** So many bytes of seven bits each are exact as a number. */
const MAX_EXACT_BYTES = 7;

/** The value of the varint from `at` to `end`. Keys and lengths are small, and a block has two for each transaction: too many for views and bigints. */
function numberBetween(bytes: Uint8Array, at: number, end: number): number {
  if (end - at > MAX_EXACT_BYTES) return Number(decodeVarint(bytes.subarray(at, end)));
  let value = 0;
  for (let i = end - 1; i >= at; i--) value = value * 0x80 + (bytes[i]! & 0x7f);
  return value;
}

function varintEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end]! >= 0x80) end += 1;
  if (end >= bytes.length || end - at >= MAX_VARINT_BYTES) throw new SchemaError("message is cut short");
  // One value, one encoding: the last group of a longer varint must not be zero.
  if (end > at && bytes[end] === 0) throw new SchemaError("varint is not minimal");
  return end + 1;
}
