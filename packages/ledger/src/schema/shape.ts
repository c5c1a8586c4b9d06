import type { TSchema } from "typebox";
import { decodeUtf8, encodeUtf8 } from "../crypto/utf8.ts";
import type { CborReader } from "./cbor-reader.ts";
import { ARRAY, BYTES, type CborWriter, FALSE, NEGATIVE, NULL, TEXT, TRUE, UNSIGNED } from "./cbor-writer.ts";
import { SchemaError } from "./schema-error.ts";

/** How values of one schema are written and read. Nesting follows the schema, so a hostile input cannot recurse deeper than it. */
export interface Shape {
  write(writer: CborWriter, value: unknown): void;
  read(reader: CborReader): unknown;
}

/** The JSON Schema keywords that `types.ts` produces. */
interface Keywords {
  readonly type?: string;
  readonly const?: unknown;
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

const MAX_SCHEMA_DEPTH = 12;

/** Compiles `schema`; throws a plain Error on a schema that lacks a limit or uses a keyword outside `types.ts`. */
export function compileShape(schema: TSchema, depth = 0): Shape {
  if (depth > MAX_SCHEMA_DEPTH) throw new Error(`schema is nested deeper than ${MAX_SCHEMA_DEPTH}`);
  const keywords = schema as Keywords;
  if (keywords.anyOf) return unionShape(keywords.anyOf, depth);
  if (keywords.bytes) return bytesShape(keywords.bytes);
  if (typeof keywords.const === "string") return choiceShape([keywords.const]);
  if (keywords.enum) return choiceShape(keywords.enum);
  if (keywords.type === "string") return textShape(keywords);
  if (keywords.type === "integer") return integerShape(keywords);
  if (keywords.type === "boolean") return booleanShape;
  if (keywords.type === "array") return listShape(keywords, depth);
  if (keywords.type === "object" && keywords.properties) return structShape(keywords, depth);
  throw new Error(`schema has no canonical form: ${JSON.stringify(schema)}`);
}

const booleanShape: Shape = {
  write(writer, value) {
    if (typeof value !== "boolean") throw new SchemaError("must be true or false");
    writer.simple(value ? TRUE : FALSE);
  },
  read(reader) {
    const byte = reader.peek();
    if (byte !== TRUE && byte !== FALSE) throw new SchemaError("must be true or false");
    reader.skip();
    return byte === TRUE;
  },
};

function integerShape({ minimum, maximum }: Keywords): Shape {
  if (minimum === undefined || maximum === undefined) throw new Error("an integer schema needs minimum and maximum");
  function check(value: unknown): number {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new SchemaError("must be an integer");
    const integer = value as number;
    if (integer < minimum! || integer > maximum!) throw new SchemaError(`must lie from ${minimum} to ${maximum}`);
    return integer;
  }
  return {
    write(writer, value) {
      const integer = check(value);
      if (integer >= 0) writer.head(UNSIGNED, integer);
      else writer.head(NEGATIVE, -1 - integer);
    },
    read(reader) {
      const negative = reader.peek() >> 5 === NEGATIVE;
      return check(negative ? -1 - reader.head(NEGATIVE) : reader.head(UNSIGNED));
    },
  };
}

function bytesShape({ min, max }: { min: number; max: number }): Shape {
  const wanted = min === max ? `${max} bytes` : `${min} to ${max} bytes`;
  return {
    write(writer, value) {
      const length = typeof value === "string" ? value.length / 2 : undefined;
      const fits = length !== undefined && Number.isInteger(length) && length >= min && length <= max;
      if (!fits || !writer.hex(value as string)) throw new SchemaError(`must be ${wanted} in lowercase hexadecimal`);
    },
    read(reader) {
      const length = reader.head(BYTES);
      if (length < min || length > max) throw new SchemaError(`must be ${wanted}`);
      return reader.hex(length);
    },
  };
}

function choiceShape(choices: readonly string[]): Shape {
  const known = new Map(choices.map((choice) => [choice, encodeUtf8(choice)]));
  const refusal = () => new SchemaError(`must be one of ${choices.join(", ")}`);
  return {
    write(writer, value) {
      const bytes = known.get(value as string);
      if (!bytes) throw refusal();
      writer.head(TEXT, bytes.length);
      writer.raw(bytes);
    },
    read(reader) {
      const text = decodeUtf8(reader.raw(reader.head(TEXT)));
      if (text === undefined || !known.has(text)) throw refusal();
      return text;
    },
  };
}

// C0, DEL and C1: they hide text in terminals and logs. Biome: the pattern names control characters on purpose.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function textShape({ minLength = 0, maxLength, pattern = "" }: Keywords): Shape {
  if (maxLength === undefined) throw new Error("a text schema needs maxLength");
  const wanted = new RegExp(pattern, "u");
  function check(text: string): void {
    // JSON Schema counts code points; UTF-16 length bounds them from above, so most texts need no second count.
    const length = text.length > maxLength! ? [...text].length : text.length;
    if (length < minLength || length > maxLength!) throw new SchemaError(`must have ${minLength} to ${maxLength} characters`);
    if (CONTROL.test(text)) throw new SchemaError("must not contain control characters");
    if (!wanted.test(text)) throw new SchemaError(`must match ${pattern}`);
  }
  return {
    write(writer, value) {
      if (typeof value !== "string") throw new SchemaError("must be text");
      check(value);
      const bytes = encodeUtf8(value);
      if (!bytes) throw new SchemaError("must be well-formed Unicode");
      writer.head(TEXT, bytes.length);
      writer.raw(bytes);
    },
    read(reader) {
      const length = reader.head(TEXT);
      if (length > maxLength * 4) throw new SchemaError(`must have at most ${maxLength} characters`);
      const text = decodeUtf8(reader.raw(length));
      if (text === undefined) throw new SchemaError("must be well-formed UTF-8");
      check(text);
      return text;
    },
  };
}

function listShape({ items, minItems = 0, maxItems }: Keywords, depth: number): Shape {
  if (!items || maxItems === undefined) throw new Error("a list schema needs items and maxItems");
  const item = compileShape(items, depth + 1);
  const checkCount = (count: number) => {
    if (count < minItems || count > maxItems) throw new SchemaError(`must have ${minItems} to ${maxItems} items`);
  };
  return {
    write(writer, value) {
      if (!Array.isArray(value)) throw new SchemaError("must be a list");
      checkCount(value.length);
      writer.head(ARRAY, value.length);
      for (let i = 0; i < value.length; i++) {
        try {
          item.write(writer, value[i]);
        } catch (error) {
          throw located(error, i);
        }
      }
    },
    read(reader) {
      const count = reader.head(ARRAY);
      checkCount(count);
      const list: unknown[] = [];
      for (let i = 0; i < count; i++) {
        try {
          list.push(item.read(reader));
        } catch (error) {
          throw located(error, i);
        }
      }
      return list;
    },
  };
}

function structShape({ properties = {}, required = [] }: Keywords, depth: number): Shape {
  const needed = new Set(required);
  // Walked by index below: these are the hottest loops of the ledger, and iterators are garbage.
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    optional: !needed.has(name),
    shape: compileShape(schema, depth + 1),
  }));
  return {
    write(writer, value) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SchemaError("must be an object");
      const struct = value as Record<string, unknown>;
      let present = 0;
      writer.head(ARRAY, fields.length);
      for (let i = 0; i < fields.length; i++) {
        const { name, optional, shape } = fields[i]!;
        const field = Object.hasOwn(struct, name) ? struct[name] : undefined;
        if (field !== undefined) present += 1;
        if (field === undefined && optional) {
          writer.simple(NULL);
          continue;
        }
        try {
          if (field === undefined) throw new SchemaError("is missing");
          shape.write(writer, field);
        } catch (error) {
          throw located(error, name);
        }
      }
      if (Object.keys(struct).length !== present)
        throw new SchemaError(`has unknown properties; known are ${fields.map((f) => f.name).join(", ")}`);
    },
    read(reader) {
      if (reader.head(ARRAY) !== fields.length) throw new SchemaError(`must have ${fields.length} fields`);
      const struct: Record<string, unknown> = {};
      for (let i = 0; i < fields.length; i++) {
        const { name, optional, shape } = fields[i]!;
        try {
          if (optional && reader.peek() === NULL) reader.skip();
          else struct[name] = shape.read(reader);
        } catch (error) {
          throw located(error, name);
        }
      }
      return struct;
    },
  };
}

/** A union of structs whose first property `kind` is a literal: written as [kind, struct]. */
function unionShape(variants: readonly TSchema[], depth: number): Shape {
  const byKind = new Map(
    variants.map((variant) => {
      const literal: Keywords | undefined = (variant as Keywords).properties?.kind;
      const kind = literal?.const;
      if (typeof kind !== "string") throw new Error("a union schema needs structs with a literal property `kind`");
      return [kind, compileShape(variant, depth + 1)];
    }),
  );
  const kinds = choiceShape([...byKind.keys()]);
  return {
    write(writer, value) {
      const kind = (value as { kind?: unknown } | null)?.kind;
      writer.head(ARRAY, 2);
      kinds.write(writer, kind);
      byKind.get(kind as string)!.write(writer, value);
    },
    read(reader) {
      if (reader.head(ARRAY) !== 2) throw new SchemaError("must be a pair of kind and fields");
      const kind = kinds.read(reader) as string;
      const value = byKind.get(kind)!.read(reader) as { kind: string };
      if (value.kind !== kind) throw new SchemaError("names two different kinds");
      return value;
    },
  };
}

/** A refusal from inside a value, with the step that led there; other errors are our own bugs and stay as they are. */
function located(error: unknown, step: string | number): unknown {
  return error instanceof SchemaError ? error.within(step) : error;
}
