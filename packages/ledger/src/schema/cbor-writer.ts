import { writeHex } from "../crypto/hex.ts";
import { SchemaError } from "./schema-error.ts";

/** CBOR major types (RFC 8949 §3.1) that Galen uses; floats, tags, maps and indefinite lengths do not exist here. */
export const UNSIGNED = 0;
export const NEGATIVE = 1;
export const BYTES = 2;
export const TEXT = 3;
export const ARRAY = 4;
export const FALSE = 0xf4;
export const TRUE = 0xf5;
export const NULL = 0xf6;

const TWO_32 = 4_294_967_296;

/** Grows a byte buffer and appends deterministic CBOR (RFC 8949 §4.2.1: shortest heads only). */
export interface CborWriter {
  head(major: number, argument: number): void;
  simple(byte: number): void;
  raw(bytes: Uint8Array): void;
  /** Appends a byte string given as lowercase hexadecimal of even length; false if it is none. */
  hex(text: string): boolean;
  /** Empties the writer; its memory is used again. */
  reset(): void;
  /** A copy of what was written. */
  finish(): Uint8Array;
}

/** A writer that refuses to pass `maxBytes`. */
export function createCborWriter(maxBytes: number): CborWriter {
  let buffer = new Uint8Array(512);
  let length = 0;

  function room(extra: number): void {
    if (length + extra > maxBytes) throw new SchemaError(`encodes to more than ${maxBytes} bytes`);
    if (length + extra <= buffer.length) return;
    const grown = new Uint8Array(Math.max(buffer.length * 2, length + extra));
    grown.set(buffer.subarray(0, length));
    buffer = grown;
  }

  function bigEndian(value: number, size: number): void {
    for (let i = size - 1; i >= 0; i--) {
      buffer[length + i] = value % 256;
      value = Math.floor(value / 256);
    }
    length += size;
  }

  function head(major: number, argument: number): void {
    room(9);
    const type = major << 5;
    if (argument < 24) {
      buffer[length++] = type | argument;
      return;
    }
    const size = argument < 256 ? 1 : argument < 65_536 ? 2 : argument < TWO_32 ? 4 : 8;
    buffer[length++] = type | (size === 1 ? 24 : size === 2 ? 25 : size === 4 ? 26 : 27);
    bigEndian(argument, size);
  }

  return {
    head,
    simple(byte) {
      room(1);
      buffer[length++] = byte;
    },
    raw(bytes) {
      room(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    hex(text) {
      const size = text.length / 2;
      head(BYTES, size);
      room(size);
      length += size;
      return writeHex(text, buffer, length - size);
    },
    reset() {
      length = 0;
    },
    finish: () => buffer.slice(0, length),
  };
}
