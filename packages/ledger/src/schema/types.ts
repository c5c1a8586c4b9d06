import { type TSchema, Type } from "typebox";

/**
 * The building blocks of every schema on the ledger. A schema is one TypeBox value: TypeScript types, run-time checks, canonical bytes
 * (`codec.ts`), JSON Schema for OpenAPI and CLI flags all come from it. Every text, list and byte string carries a limit.
 */

/** `length` bytes, written as lowercase hexadecimal. */
export function Bytes(length: number, options: { description?: string } = {}) {
  return Type.Unsafe<string>({ type: "string", pattern: `^[0-9a-f]{${2 * length}}$`, bytes: { min: length, max: length }, ...options });
}

/** At most `maxLength` bytes, written as lowercase hexadecimal. */
export function BytesUpTo(maxLength: number, options: { description?: string } = {}) {
  return Type.Unsafe<string>({
    type: "string",
    pattern: `^([0-9a-f]{2}){0,${maxLength}}$`,
    bytes: { min: 0, max: maxLength },
    ...options,
  });
}

/** Non-empty Unicode text of at most `maxLength` code points: well formed, without control characters; of the form `pattern`, if there is one. */
export function Text(maxLength: number, options: { description?: string; pattern?: string } = {}) {
  return Type.String({ minLength: 1, maxLength, ...options });
}

/** A code of at most `maxLength` characters (0-9 A-Z a-z . _ : -): for identifiers that are defined elsewhere, never for sentences. */
export function Code(maxLength: number, options: { description?: string } = {}) {
  return Type.String({ minLength: 1, maxLength, pattern: "^[0-9A-Za-z._:-]+$", ...options });
}

/** An integer from `minimum` to `maximum`, both inclusive and within ±(2^53 − 1). */
export function Integer(minimum: number, maximum: number, options: { description?: string } = {}) {
  return Type.Integer({ minimum, maximum, ...options });
}

/** One of the given literal texts. */
export function OneOf<const T extends readonly string[]>(...values: T) {
  return Type.Unsafe<T[number]>({ type: "string", enum: [...values] });
}

/** A list with at most `maxItems` items. */
export function List<T extends TSchema>(items: T, limits: { maxItems: number; minItems?: number; description?: string }) {
  return Type.Array(items, { minItems: 0, ...limits });
}

export const Hash = Bytes(32, { description: "SHA-256 hash" });
export const AccountId = Bytes(32, { description: "account: hash of its founding keys" });
export const ObjectId = Bytes(32, { description: "random id of a sealed object" });
export const GroupPoint = Bytes(32, { description: "ristretto255 point, canonical encoding (RFC 9496)" });

/** Milliseconds since 1970-01-01T00:00:00Z, as block headers count them (up to the year 9999). */
export const BlockTime = Integer(0, 253_402_300_799_999, { description: "milliseconds since 1970" });
export const Height = Integer(0, Number.MAX_SAFE_INTEGER);
