import type { Static, TObject, TSchema } from "typebox";
import { type Codec, codecOf } from "../schema/codec.ts";
import { orderedDelete, orderedInsert, orderedKeys } from "../store/ordered.ts";
import type { StateReader, StateWriter } from "../store/state-store.ts";

/** Part of a record's key: a hexadecimal id, a short literal, or an integer (ordered by value). */
export type KeyPart = string | number;

interface Readable {
  readonly state: StateReader;
}
interface Writable {
  readonly state: StateWriter;
}

/** Records of one schema under one prefix. The first parameter of every operation is the context. */
export interface Collection<K extends readonly KeyPart[], V> {
  readonly prefix: string;
  readonly schema: TSchema;
  get(context: Readable, ...key: K): V | undefined;
  has(context: Readable, ...key: K): boolean;
  set(context: Writable, ...keyAndValue: [...key: K, value: V]): void;
  delete(context: Writable, ...key: K): void;
  /** The record's key in the state tree, for proofs. */
  keyOf(...key: K): string;
  /** Canonical bytes of a value, as they stand in the state tree. */
  encode(value: V): Uint8Array;
  decode(bytes: Uint8Array): V;
}

/** A collection whose records can be walked in key order. Costs one or two page writes per insertion. */
export interface OrderedCollection<K extends readonly KeyPart[], V> extends Collection<K, V> {
  /** Records whose key starts with `within`, from `from` (inclusive) to `before` (exclusive), each a further key part; at most `limit`. */
  entries(context: Readable, options: Walk): Iterable<readonly [key: string, value: V]>;
}

/** Which part of an ordered collection to walk. */
export interface Walk {
  readonly within?: readonly KeyPart[];
  readonly from?: KeyPart;
  /** Goes on after this key, in place of `from`. */
  readonly after?: readonly KeyPart[];
  readonly before?: KeyPart;
  readonly reverse?: boolean;
  readonly limit: number;
}

/** The beginning of a walk that goes on after the last entry of an answer, by number and id; from a number alone, or from the first, without them. */
export function walkAfter({ from, after }: { readonly from?: number; readonly after?: string }): Pick<Walk, "from" | "after"> {
  if (from === undefined) return {};
  return after === undefined ? { from } : { after: [from, after] };
}

const KEY_TEXT = /^[0-9A-Za-z._:-]{1,128}$/;
const INTEGER_DIGITS = 14; // 2^53 - 1 in hexadecimal

function keyPart(part: KeyPart): string {
  if (typeof part === "number") {
    if (!Number.isSafeInteger(part) || part < 0) throw new RangeError(`a key part must be a non-negative integer, not ${part}`);
    return part.toString(16).padStart(INTEGER_DIGITS, "0");
  }
  if (!KEY_TEXT.test(part)) throw new RangeError("a key part must be 1 to 128 characters of 0-9 A-Z a-z . _ : -");
  return part;
}

function isSameKey(a: readonly KeyPart[], b: readonly KeyPart[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

/**
 * How records of a collection were before they got further fields: fewer of them, in the order of today. They are read for good, and written while old rules
 * execute, whose app hashes tell the bytes.
 */
export interface FormerShape {
  readonly schema: TObject;
  isWritten(context: Readable): boolean;
}

/** Defines a collection. `prefix` is `module/records`, unique on the ledger. */
export function defineCollection<K extends readonly KeyPart[], S extends TSchema>(
  prefix: string,
  schema: S,
  former?: FormerShape,
): Collection<K, Static<S>> {
  const codec = codecOf(schema);
  const { decode, encodeIn } = former ? inTwoShapes(codec, former) : inOneShape(codec);
  // A record is mostly read and written in a row: the second time its key is at hand, and so is that text's hash for the maps that it is looked up in.
  let lastKey: readonly KeyPart[] = [];
  let lastPath = prefix;
  function keyOf(...key: readonly KeyPart[]): string {
    if (isSameKey(key, lastKey)) return lastPath;
    let path = prefix;
    for (const part of key) path += `/${keyPart(part)}`;
    lastKey = key;
    lastPath = path;
    return path;
  }
  return {
    prefix,
    schema,
    keyOf,
    get({ state }, ...key) {
      const bytes = state.get(keyOf(...key));
      return bytes && decode(bytes);
    },
    has: ({ state }, ...key) => state.get(keyOf(...key)) !== undefined,
    set(context, ...keyAndValue) {
      const value = keyAndValue.pop() as Static<S>; // a rest parameter is an array of this call's own
      context.state.set(keyOf(...(keyAndValue as unknown as K)), encodeIn(context, value));
    },
    delete({ state }, ...key) {
      state.delete(keyOf(...key));
    },
    encode: codec.encode,
    decode,
  };
}

/** How the bytes of a collection are read and written. */
interface Shapes<V> {
  decode(bytes: Uint8Array): V;
  encodeIn(context: Readable, value: V): Uint8Array;
}

function inOneShape<V>({ decode, encode }: Codec<V>): Shapes<V> {
  return { decode, encodeIn: (_, value) => encode(value) };
}

const CBOR_ARRAY = 0x80;

function inTwoShapes<V>(codec: Codec<V>, { schema, isWritten }: FormerShape): Shapes<V> {
  const formerCodec = codecOf(schema) as Codec<V>;
  // A struct is an array of its fields, whose number stands in its first byte.
  const formerHead = CBOR_ARRAY + Object.keys(schema.properties).length;
  return {
    decode: (bytes) => (bytes[0] === formerHead ? formerCodec : codec).decode(bytes),
    encodeIn: (context, value) => (isWritten(context) ? formerCodec : codec).encode(value),
  };
}

/** Defines a collection that can also be walked in key order. */
export function defineOrderedCollection<K extends readonly KeyPart[], S extends TSchema>(
  prefix: string,
  schema: S,
  former?: FormerShape,
): OrderedCollection<K, Static<S>> {
  const records = defineCollection<K, S>(prefix, schema, former);
  return {
    ...records,
    set(context, ...keyAndValue) {
      const { state } = context;
      const key = records.keyOf(...(keyAndValue.slice(0, -1) as unknown as K));
      if (state.get(key) === undefined) orderedInsert(state, prefix, key);
      records.set(context, ...keyAndValue);
    },
    delete({ state }, ...key) {
      const stateKey = records.keyOf(...key);
      if (state.get(stateKey) === undefined) return;
      orderedDelete(state, prefix, stateKey);
      state.delete(stateKey);
    },
    *entries({ state }, { within = [], from, after, before, reverse = false, limit }) {
      const start = `${[prefix, ...within.map(keyPart)].join("/")}/`;
      // "0" follows "/" in ASCII: the first text after everything that starts with `start`.
      const end = before === undefined ? `${start.slice(0, -1)}0` : start + keyPart(before);
      const first = from === undefined ? start : start + keyPart(from);
      // A space is below all characters of keys: the first text after the key itself.
      const gte = after === undefined ? first : `${start}${after.map(keyPart).join("/")} `;
      const keys = orderedKeys(state, prefix, { gte, lt: end, reverse, limit });
      for (const key of keys) yield [key, records.decode(state.get(key)!)] as const;
    },
  };
}
