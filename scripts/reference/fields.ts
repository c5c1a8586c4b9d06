import { BlockTime } from "@galen/ledger/schema/types";
import { code, table } from "./markdown.ts";

/** The JSON Schema words that schemas of the ledger are made of. */
interface Words {
  readonly type?: string;
  readonly description?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Words[];
  readonly items?: Words;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly bytes?: { readonly min: number; readonly max: number };
  readonly properties?: Readonly<Record<string, Words>>;
  readonly required?: readonly string[];
}

/** How a schema says that it is a time. */
const TIME = (BlockTime as Words).description;

/** A field of a structure, with all that lies inside it: name from the outside in, type with limits, meaning. */
type Row = readonly [field: string, type: string, meaning: string];

/** Deeper than any schema of the ledger may be. */
const MAX_DEPTH = 12;

/** The fields of a structure as a Markdown table, in the order of their encoding. */
export function fieldTable(schema: object): string {
  const rows = rowsIn(schema, "", 0);
  return rows.length === 0 ? "No fields." : table(["field", "type", "what it is"], rows);
}

function rowsIn(schema: object, prefix: string, depth: number): Row[] {
  if (depth > MAX_DEPTH) throw new Error(`the schema at ${prefix} is nested too deeply`);
  const { properties = {}, required = [], anyOf, items } = schema as Words;
  if (anyOf) return anyOf.flatMap((variant) => variantRows(variant, prefix, depth));
  if (items) return rowsIn(items, `${prefix}[]`, depth + 1);
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const optional = required.includes(name) ? "" : ", optional";
    return [[code(path), `${typeOf(field)}${optional}`, meaningOf(field)] as const, ...rowsIn(field, path, depth + 1)];
  });
}

/** Fields of one kind of a union; `kind` itself stands in the row of the union. */
function variantRows(variant: object, prefix: string, depth: number): Row[] {
  const { kind, ...properties } = (variant as Words).properties ?? {};
  const name = kind?.const ?? "";
  const rows = rowsIn({ ...variant, properties }, prefix, depth + 1);
  return rows.map(([field, type, meaning]) => [field, `with kind ${code(name)}: ${type}`, meaning]);
}

/** A type with its limits, in words. */
function typeOf(schema: object): string {
  const { type, const: literal, enum: choices, anyOf, bytes, items, properties } = schema as Words;
  if (anyOf) return `one of the kinds ${anyOf.map(kindOf).join(", ")}`;
  if (bytes) return bytes.min === bytes.max ? `${bytes.max} bytes` : `up to ${bytes.max} bytes`;
  if (literal !== undefined) return code(literal);
  if (choices) return choices.map(code).join(", ");
  if (type === "string") return textType(schema);
  if (type === "integer") return integerType(schema);
  if (type === "boolean") return "true or false";
  if (type === "array" && items) return listType(schema, items);
  if (properties) return "structure";
  throw new Error(`a schema that the reference cannot describe: ${JSON.stringify(schema)}`);
}

function kindOf(variant: object): string {
  const kind = (variant as Words).properties?.kind;
  return code(kind?.const ?? "");
}

function textType({ pattern, minLength = 0, maxLength }: Words): string {
  return `${pattern === undefined ? "text" : "code"} of ${minLength} to ${maxLength} characters`;
}

function integerType({ minimum = 0, maximum = 0, description }: Words): string {
  if (description === TIME) return "time";
  return `${inDigits(minimum)} to ${inDigits(maximum)}`;
}

/** Digits in groups of three; the largest safe integer by its name. */
function inDigits(value: number): string {
  return value === Number.MAX_SAFE_INTEGER ? "2^53 − 1" : String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function listType({ minItems = 0, maxItems }: Words, items: object): string {
  const { properties, anyOf } = items as Words;
  const of = properties || anyOf ? "" : `: ${typeOf(items)}`;
  return `list of ${minItems} to ${maxItems}${of}`;
}

function meaningOf(schema: object): string {
  const { description, items } = schema as Words;
  const meaning = description ?? items?.description ?? "";
  return meaning === TIME ? "" : meaning;
}
