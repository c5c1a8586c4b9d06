import { concatBytes } from "../crypto/bytes.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { fieldPieces, parseFields, type RawField, type WireType } from "./protobuf.ts";

/** What a field holds: its protobuf payload and its form in CometBFT's JSON. Decoding and parsing throw SchemaError. */
export interface Kind<T> {
  readonly wire: WireType;
  /** Scalars leave the wire when they are zero or empty (proto3); messages never do (gogoproto `nullable = false`). */
  readonly isScalar: boolean;
  encode(value: T): Uint8Array;
  decode(payload: Uint8Array): T;
  toJson(value: T): unknown;
  fromJson(json: unknown): T;
}

/** The value type of a kind or message. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never;

/** One field of a message. `names` are its JSON names: the first is written, all are read. */
export interface Field<T> {
  readonly tag: number;
  readonly names: readonly [string, ...string[]];
  readonly wire: WireType;
  readonly isScalar: boolean;
  payloads(value: T): readonly Uint8Array[];
  fromPayloads(payloads: readonly Uint8Array[]): T;
  toJson(value: T): unknown;
  fromJson(json: unknown): T;
}

type FieldValues<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A message kind; `fields` in tag order. */
export interface Message<T> extends Kind<T> {
  readonly fields: readonly (readonly [key: keyof T & string, field: Field<unknown>])[];
}

/** A field that occurs once. */
export function one<T>(tag: number, names: string | readonly [string, ...string[]], kind: Kind<T>): Field<T> {
  const absent = kind.wire === 0 ? Uint8Array.of(0) : new Uint8Array(0);
  const isAbsent = (payload: Uint8Array) => payload.length === absent.length && payload.every((byte) => byte === 0);
  return {
    ...fieldHead(tag, names, kind),
    payloads(value) {
      const payload = kind.encode(value);
      return kind.isScalar && isAbsent(payload) ? [] : [payload];
    },
    fromPayloads([payload, ...more]) {
      if (more.length > 0) throw new SchemaError("given twice");
      if (!payload && !kind.isScalar) throw new SchemaError("missing");
      if (payload && kind.isScalar && isAbsent(payload)) throw new SchemaError("zero is not written");
      return kind.decode(payload ?? absent);
    },
    toJson: kind.toJson,
    fromJson: kind.fromJson,
  };
}

/** A message that may be missing, which is undefined then; JSON leaves it out. */
export function optional<T>(tag: number, names: string | readonly [string, ...string[]], kind: Kind<T>): Field<T | undefined> {
  return {
    ...fieldHead(tag, names, kind),
    payloads: (value) => (value === undefined ? [] : [kind.encode(value)]),
    fromPayloads([payload, ...more]) {
      if (more.length > 0) throw new SchemaError("given twice");
      return payload && kind.decode(payload);
    },
    toJson: (value) => (value === undefined ? undefined : kind.toJson(value)),
    fromJson: (json) => (json === undefined || json === null ? undefined : kind.fromJson(json)),
  };
}

/** A field that occurs up to `maxItems` times; JSON null is the empty list, as Go writes it. */
export function many<T>(tag: number, name: string, kind: Kind<T>, maxItems: number): Field<readonly T[]> {
  const requireFit = (count: number) => {
    if (count > maxItems) throw new SchemaError(`at most ${maxItems} items`);
  };
  return {
    ...fieldHead(tag, name, kind),
    payloads: (values) => values.map((value) => kind.encode(value)),
    fromPayloads(payloads) {
      requireFit(payloads.length);
      return payloads.map((payload, at) => within(at, () => kind.decode(payload)));
    },
    toJson: (values) => values.map((value) => kind.toJson(value)),
    fromJson(json) {
      if (json === null) return [];
      if (!Array.isArray(json)) throw new SchemaError("a list is needed");
      requireFit(json.length);
      return json.map((item: unknown, at) => within(at, () => kind.fromJson(item)));
    },
  };
}

type Table = Readonly<Record<string, Field<unknown>>>;

/**
 * A message from its fields, listed in tag order: one table gives the type, the canonical bytes, their strict decoding and the JSON form.
 * Decoding accepts exactly what encoding produces: fields in order, none unknown, none twice, defaults left out. JSON may carry more names.
 */
export function message<F extends Table>(table: F): Message<FieldValues<F>> {
  return messageOf(table, (raw, tags) => {
    requireKnown(raw, tags);
    return raw;
  });
}

/** Like `message`, but fields with other tags are passed over when decoding: for what a newer program says to us, and nobody hashes. */
export function openMessage<F extends Table>(table: F): Message<FieldValues<F>> {
  return messageOf(table, (raw, tags) => raw.filter(({ tag }) => tags.has(tag)));
}

type TagTable = ReadonlyMap<number, Field<unknown>>;

function messageOf<F extends Table>(table: F, select: (raw: RawField[], tags: TagTable) => RawField[]): Message<FieldValues<F>> {
  const fields = Object.entries(table);
  const tags: TagTable = new Map(fields.map(([, field]) => [field.tag, field]));
  type Values = Record<string, unknown>;
  const codec: Message<Values> = {
    wire: 2,
    isScalar: false,
    fields,
    encode(value) {
      const parts: Uint8Array[] = [];
      for (const [key, field] of fields) pushOccurrences(field, value[key], parts);
      return concatBytes(parts);
    },
    decode(bytes) {
      const raw = select(parseFields(bytes), tags);
      requireOrdered(raw, tags);
      const payloads = payloadsByTag(raw);
      return mapFields(fields, (field) => field.fromPayloads(payloads.get(field.tag) ?? []));
    },
    toJson: (value) => Object.fromEntries(fields.map(([key, field]) => [field.names[0], field.toJson(value[key])])),
    fromJson(json) {
      if (typeof json !== "object" || json === null || Array.isArray(json)) throw new SchemaError("an object is needed");
      const given = new Map<string, unknown>(Object.entries(json));
      return mapFields(fields, (field) => field.fromJson(given.get(field.names.find((name) => given.has(name)) ?? field.names[0])));
    },
  };
  return codec as Message<unknown> as Message<FieldValues<F>>;
}

function fieldHead<T>(tag: number, names: string | readonly [string, ...string[]], kind: Kind<T>) {
  const list: readonly [string, ...string[]] = typeof names === "string" ? [names] : names;
  return { tag, names: list, wire: kind.wire, isScalar: kind.isScalar };
}

/** In pieces, because each message around them copies a block's transactions once more as it is. */
function pushOccurrences({ tag, wire, payloads }: Field<unknown>, value: unknown, parts: Uint8Array[]): void {
  for (const payload of payloads(value)) parts.push(...fieldPieces(tag, wire, payload));
}

function requireKnown(raw: readonly RawField[], tags: TagTable): void {
  const stranger = raw.find(({ tag }) => !tags.has(tag));
  if (stranger) throw new SchemaError(`unknown field ${stranger.tag}`);
}

function requireOrdered(raw: readonly RawField[], tags: TagTable): void {
  let last = 0;
  for (const { tag, wire } of raw) {
    if (tags.get(tag)!.wire !== wire) throw new SchemaError(`unknown field ${tag}`);
    if (tag < last) throw new SchemaError(`field ${tag} stands after field ${last}`);
    last = tag;
  }
}

function payloadsByTag(raw: readonly RawField[]): Map<number, Uint8Array[]> {
  const byTag = new Map<number, Uint8Array[]>();
  for (const { tag, payload } of raw) {
    const payloads = byTag.get(tag);
    if (payloads) payloads.push(payload);
    else byTag.set(tag, [payload]);
  }
  return byTag;
}

function mapFields(
  fields: readonly (readonly [string, Field<unknown>])[],
  read: (field: Field<unknown>) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(fields.map(([key, field]) => [key, within(field.names[0], () => read(field))]));
}

function within<T>(step: string | number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SchemaError ? error.within(step) : error;
  }
}
