import { decodeUtf8 } from "@galen/ledger/crypto/utf8";
import { type Codec, codecOf } from "@galen/ledger/schema/codec";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { errors } from "./api-error.ts";

/** A schema built from the ledger's `schema/types.ts`. */
export type Schema = Parameters<typeof codecOf>[0];
type ValueOf<S extends Schema> = ReturnType<ReturnType<typeof codecOf<S>>["decode"]>;

/** One named value of a request, in a path, a query or a JSON body. */
export interface Field<T> {
  readonly schema: Schema;
  readonly required: boolean;
  /** The value if it fits; throws SchemaError otherwise. */
  check(value: unknown): T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/** A field that must be there. */
export function required<S extends Schema>(schema: S): Field<ValueOf<S>> {
  const codec = codecOf(schema);
  return { schema, required: true, check: (value) => checked(codec, value as ValueOf<S>) };
}

/** A field that may be left out. */
export function optional<S extends Schema>(schema: S): Field<ValueOf<S> | undefined> {
  return { ...required(schema), required: false };
}

/** The ledger's own codec judges: what it cannot encode does not fit. */
function checked<T>(codec: Codec<T>, value: T): T {
  codec.encode(value);
  return value;
}

/** Reads the fields of a JSON body or of values made from text. Throws Refusal api/UnknownField, api/InvalidField. */
export function readFields<F extends Fields>(fields: F, given: Readonly<Record<string, unknown>>): ValuesOf<F> {
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (stranger !== undefined) throw errors.UnknownField({ field: stranger.slice(0, 64) });
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, readField(name, field, given[name])])) as ValuesOf<F>;
}

function readField(name: string, field: Field<unknown>, value: unknown): unknown {
  if (value === undefined && !field.required) return undefined;
  if (value === undefined) throw errors.InvalidField({ field: name, reason: "is missing" });
  return checkedField(name, () => field.check(value));
}

/** Runs a check; a SchemaError becomes api/InvalidField with the field's path. */
export function checkedField<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof SchemaError) throw errors.InvalidField({ field: name + error.path, reason: error.reason });
    throw error;
  }
}

/** Reads fields that came as text, from a path or a query. */
export function readTextFields<F extends Fields>(fields: F, given: Readonly<Record<string, unknown>>): ValuesOf<F> {
  const schemas = Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]));
  return readFields(fields, valuesFromText(schemas, given));
}

/** Values of the kinds that their schemas ask for: integers and truth values from words, lists and objects from JSON, all else as it is. */
export function valuesFromText(
  schemas: Readonly<Record<string, Schema>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(given).map(([name, text]) => {
    if (typeof text !== "string") throw errors.InvalidField({ field: name.slice(0, 64), reason: "is given more than once" });
    return [name, Object.hasOwn(schemas, name) ? valueFromText(schemas[name]!, text) : text] as const;
  });
  return Object.fromEntries(entries);
}

const INTEGER = /^(0|-?[1-9][0-9]{0,15})$/;

function valueFromText(schema: Schema, text: string): unknown {
  const { type } = schema as { readonly type?: string };
  if (type === "string") return text;
  if (type === "integer") return INTEGER.test(text) ? Number(text) : text;
  return parseJson(text) ?? text;
}

/** A JSON body as an object. Throws Refusal api/MalformedJson. */
export function readJsonObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parseJson(decodeUtf8(body));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw errors.MalformedJson();
  return value as Readonly<Record<string, unknown>>;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // too deep a nesting ends here as well: RangeError
  }
}
