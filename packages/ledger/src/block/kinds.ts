import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { decodeUtf8, encodeUtf8 } from "../crypto/utf8.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { Kind } from "./message.ts";
import { decodeVarint, encodeVarint } from "./protobuf.ts";

const HASH_SIZE = 32;
/** Bytes of a validator's address. */
export const ADDRESS_SIZE = 20;
const MAX_CHAIN_ID_BYTES = 50;

const bytesHead = { wire: 2, isScalar: true, encode: (value: Uint8Array) => value } as const;

/** An int64 or uint64 as a safe integer from `minimum` to `maximum`; a decimal text in JSON, because JavaScript clients would round it. */
export function int64(minimum = 0, maximum = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    ...integer(minimum, maximum),
    toJson: (value) => `${value}`,
    fromJson(json) {
      if (typeof json !== "string" || !/^(0|-?[1-9][0-9]{0,18})$/.test(json)) throw new SchemaError("an integer as text is needed");
      return requireRange(Number(json), minimum, maximum);
    },
  };
}

/** A 32-bit integer, a number in JSON. */
export function int32(maximum: number): Kind<number> {
  return { ...integer(0, maximum), toJson: (value) => value, fromJson: (json) => requireRange(json, 0, maximum) };
}

/** Like `int64()`, but Go's JSON leaves it out when it is zero. */
export const omittedZero: Kind<number> = { ...int64(), fromJson: (json) => (json === undefined ? 0 : int64().fromJson(json)) };

/** True or false. */
export const flag: Kind<boolean> = {
  wire: 0,
  isScalar: true,
  encode: (value) => encodeVarint(value ? 1 : 0),
  decode: (payload) => decodeVarint(payload) !== 0n,
  toJson: (value) => value,
  fromJson(json) {
    if (typeof json !== "boolean") throw new SchemaError("true or false is needed");
    return json;
  },
};

/** UTF-8 text of at most `maxBytes` bytes. */
export function text(maxBytes: number): Kind<string> {
  const requireFit = (bytes: Uint8Array | undefined) => {
    if (!bytes || bytes.length > maxBytes) throw new SchemaError(`Unicode text of at most ${maxBytes} bytes is needed`);
    return bytes;
  };
  const requireText = (value: unknown) => {
    if (typeof value !== "string") throw new SchemaError("Unicode text is needed");
    requireFit(encodeUtf8(value));
    return value;
  };
  return {
    wire: 2,
    isScalar: true,
    encode: (value) => requireFit(encodeUtf8(value)),
    decode: (payload) => requireText(decodeUtf8(payload)),
    toJson: (value) => value,
    fromJson: requireText,
  };
}

/** Bytes that JSON shows as uppercase hexadecimal, of one of the given lengths. */
export function hexBytes(...lengths: readonly number[]): Kind<Uint8Array> {
  const requireFit = (bytes: Uint8Array | undefined) => {
    if (!bytes || !lengths.includes(bytes.length)) throw new SchemaError(`${lengths.join(" or ")} bytes are needed`);
    return bytes;
  };
  return {
    ...bytesHead,
    decode: requireFit,
    toJson: (value) => bytesToHex(value).toUpperCase(),
    fromJson(json) {
      if (typeof json !== "string") throw new SchemaError("hexadecimal text is needed");
      return requireFit(hexToBytes(json.toLowerCase()));
    },
  };
}

/** Bytes that JSON shows as base64, at most `maxSize` of them; null is none, as Go writes it. */
export function base64Bytes(maxSize: number): Kind<Uint8Array> {
  const requireFit = (bytes: Uint8Array) => {
    if (bytes.length > maxSize) throw new SchemaError(`at most ${maxSize} bytes`);
    return bytes;
  };
  return {
    ...bytesHead,
    decode: requireFit,
    toJson: encodeBase64,
    fromJson(json) {
      if (json === null) return new Uint8Array(0);
      if (typeof json !== "string") throw new SchemaError("base64 text is needed");
      return requireFit(decodeBase64(json));
    },
  };
}

/** The name of a chain (cometbft types/genesis.go MaxChainIDLen). */
export const chainId = text(MAX_CHAIN_ID_BYTES);

/** A SHA-256 hash, or none. */
export const hash = hexBytes(0, HASH_SIZE);

/** The address of a validator's key. */
export const address = hexBytes(ADDRESS_SIZE);

/** An address, or none where there is no vote. */
export const addressOrNone = hexBytes(0, ADDRESS_SIZE);

function integer(minimum: number, maximum: number) {
  return {
    wire: 0,
    isScalar: true,
    encode: encodeVarint as (value: number) => Uint8Array,
    decode: (payload: Uint8Array) => requireRange(Number(BigInt.asIntN(64, decodeVarint(payload))), minimum, maximum),
  } as const;
}

function requireRange(value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new SchemaError(`an integer from ${minimum} to ${maximum} is needed`);
  }
  return value;
}
