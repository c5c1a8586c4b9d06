import { hexOf } from "../crypto/hex.ts";
import { SchemaError } from "./schema-error.ts";

const TWO_32 = 4_294_967_296;

/** Reads deterministic CBOR strictly: a head that is not the shortest, or bytes beyond the end, are refused. */
export interface CborReader {
  /** Reads a head that must be of `major`; returns its argument (a length, count or integer up to 2^53 − 1). */
  head(major: number): number;
  /** The next byte without consuming it. */
  peek(): number;
  skip(): void;
  raw(length: number): Uint8Array;
  /** The next bytes as lowercase hexadecimal. */
  hex(length: number): string;
  /** Refuses trailing bytes. */
  end(): void;
  /** Begins anew with other bytes. */
  reset(bytes: Uint8Array): void;
}

/** A reader over `bytes`; slices it returns are views of them. */
export function createCborReader(bytes: Uint8Array = new Uint8Array(0)): CborReader {
  let offset = 0;

  function byte(): number {
    const value = bytes[offset];
    if (value === undefined) throw new SchemaError("ends too early");
    offset += 1;
    return value;
  }

  function unsigned(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + byte();
    return value;
  }

  function head(major: number): number {
    const first = byte();
    if (first >> 5 !== major) throw new SchemaError(`has CBOR major type ${first >> 5}, expected ${major}`);
    const info = first & 31;
    if (info < 24) return info;
    if (info > 27) throw new SchemaError("has a CBOR head that is reserved or of indefinite length");
    const argument = unsigned(1 << (info - 24));
    const least = info === 24 ? 24 : info === 25 ? 256 : info === 26 ? 65_536 : TWO_32;
    if (argument < least) throw new SchemaError("has a CBOR head that is not the shortest");
    if (argument > Number.MAX_SAFE_INTEGER) throw new SchemaError("passes 2^53 - 1");
    return argument;
  }

  return {
    head,
    peek() {
      const value = bytes[offset];
      if (value === undefined) throw new SchemaError("ends too early");
      return value;
    },
    skip() {
      byte();
    },
    raw(length) {
      if (offset + length > bytes.length) throw new SchemaError("ends too early");
      offset += length;
      return bytes.subarray(offset - length, offset);
    },
    hex(length) {
      if (offset + length > bytes.length) throw new SchemaError("ends too early");
      offset += length;
      return hexOf(bytes, offset - length, offset);
    },
    end() {
      if (offset !== bytes.length) throw new SchemaError(`has ${bytes.length - offset} bytes after its end`);
    },
    reset(next) {
      bytes = next;
      offset = 0;
    },
  };
}
