import type { Static, TSchema } from "typebox";
import { createCborReader } from "./cbor-reader.ts";
import { createCborWriter } from "./cbor-writer.ts";
import { SchemaError } from "./schema-error.ts";
import { compileShape } from "./shape.ts";

/** Largest canonical encoding of any value: a transaction is at most 64 KiB, records stay below it. */
export const MAX_ENCODED_BYTES = 65_536;

const NO_PREFIX = new Uint8Array(0);

/** Canonical bytes of one schema. `decode` accepts exactly what `encode` produces, so re-encoding always gives the same bytes. */
export interface Codec<T> {
  /** Throws SchemaError when `value` does not fit the schema (also on a property the schema does not know). */
  encode(value: T): Uint8Array;
  /** Throws SchemaError on anything that is not the canonical encoding of a fitting value. */
  decode(bytes: Uint8Array): T;
}

/**
 * Compiles a schema built from `types.ts` to its codec: deterministic CBOR (RFC 8949 §4.2.1), structs as arrays in the order of their
 * properties, an absent optional property as null, hexadecimal text as byte strings. Throws at once on a schema without limits. `encode` puts
 * `prefix`, which does not count, before the value; `decode` is given what stands behind it.
 */
export function codecOf<S extends TSchema>(schema: S, options: { maxBytes?: number; prefix?: Uint8Array } = {}): Codec<Static<S>> {
  const shape = compileShape(schema);
  const { maxBytes = MAX_ENCODED_BYTES, prefix = NO_PREFIX } = options;
  // One of each for all calls: a schema never calls back.
  const writer = createCborWriter(prefix.length + maxBytes);
  const reader = createCborReader();
  return {
    encode(value) {
      writer.reset();
      writer.raw(prefix);
      shape.write(writer, value);
      return writer.finish();
    },
    decode(bytes) {
      if (bytes.length > maxBytes) throw new SchemaError(`is longer than ${maxBytes} bytes`);
      reader.reset(bytes);
      const value = shape.read(reader);
      reader.end();
      return value as Static<S>;
    },
  };
}
