import fc from "fast-check";
import type { TSchema } from "typebox";
import { bytesToHex } from "../crypto/hex.ts";

/** By field: texts and integers that mean something to a handler, because the chain knows them. They are drawn more often than all others. */
export type KnownValues = Readonly<Record<string, readonly (string | number)[]>>;

/** What a schema built from `schema/types.ts` says. */
export interface Keywords {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly bytes?: { readonly min: number; readonly max: number };
}

/** Long lists teach a handler nothing that short and full ones do not. */
const FEW_ITEMS = 4;

/**
 * Values that fit a schema built from `schema/types.ts`, limits included. `field` is the name under which `known` lists what means something here.
 * Throws Error on a schema that none of those building blocks makes.
 */
export function arbitraryOf(schema: TSchema, known: KnownValues, field = ""): fc.Arbitrary<unknown> {
  const keywords = schema as Keywords;
  const { anyOf, items, properties } = keywords;
  if (anyOf) return fc.oneof(...anyOf.map((variant) => arbitraryOf(variant, known, field)));
  if (items) return listOf(keywords, arbitraryOf(items, known, field));
  if (properties) return structOf(keywords, (name) => arbitraryOf(properties[name]!, known, name));
  const values = known[field] ?? [];
  const any = anyScalar(keywords);
  return values.length > 0 ? fc.oneof({ arbitrary: any, weight: 1 }, { arbitrary: fc.constantFrom(...values), weight: 8 }) : any;
}

function anyScalar(keywords: Keywords): fc.Arbitrary<unknown> {
  if (keywords.bytes) return bytesOf(keywords.bytes);
  if (keywords.const !== undefined) return fc.constant(keywords.const);
  if (keywords.enum) return fc.constantFrom(...keywords.enum);
  if (keywords.type === "string") return textOf(keywords);
  if (keywords.type === "integer") return integerOf(keywords);
  if (keywords.type === "boolean") return fc.boolean();
  throw new Error(`no values are known for ${JSON.stringify(keywords)}`);
}

function bytesOf({ min, max }: { min: number; max: number }): fc.Arbitrary<string> {
  const extremes = fc.constantFrom("00".repeat(max), "ff".repeat(max), "00".repeat(min));
  return fc.oneof(extremes, fc.uint8Array({ minLength: min, maxLength: max }).map(bytesToHex));
}

function textOf({ pattern, minLength = 0, maxLength = 0 }: Keywords): fc.Arbitrary<string> {
  const unit = fc.constantFrom(..."aZ09._:-", ...(pattern === undefined ? ["/", "é", "𝒳", " "] : []));
  return fc.string({ unit, minLength, maxLength });
}

function integerOf({ minimum = 0, maximum = 0 }: Keywords): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum));
}

function listOf({ minItems = 0, maxItems = 0 }: Keywords, item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> {
  const few = fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, FEW_ITEMS)) });
  const full = fc.array(item, { minLength: maxItems, maxLength: maxItems });
  return fc.oneof({ arbitrary: few, weight: 9 }, { arbitrary: full, weight: 1 });
}

function structOf({ properties = {}, required = [] }: Keywords, fieldOf: (name: string) => fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const fields = Object.fromEntries(Object.keys(properties).map((name) => [name, fieldOf(name)]));
  return fc.record(fields, { requiredKeys: [...required] });
}
