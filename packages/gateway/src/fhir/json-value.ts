/**
 * JSON as the gateway keeps it: plain JavaScript values, except that a number which JavaScript would print differently
 * than it was written (`1.10`, `1e2`, 20 digits) stays its text. FHIR R4 json.html: "the precision of the decimal
 * value has significance"; so what is read is written back digit by digit.
 */
export type JsonValue = null | boolean | string | number | ExactNumber | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}
/** A number as text, in the form that `JSON.stringify` writes as it stands (ECMA-262 `JSON.rawJSON`). */
export interface ExactNumber {
  readonly rawJSON: string;
}

// TypeScript's libraries do not know these two yet.
const json = JSON as typeof JSON & { rawJSON(text: string): ExactNumber; isRawJSON(value: unknown): value is ExactNumber };

/** The number that was written as `text`, a JSON number. It keeps its text where JavaScript would print another. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  return String(value) === text ? value : json.rawJSON(text);
}

export function isExactNumber(value: JsonValue | undefined): value is ExactNumber {
  return json.isRawJSON(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !json.isRawJSON(value);
}

/** What a list or an object holds, with its place there. */
export function forEachMember(value: JsonObject | readonly JsonValue[], visit: (member: JsonValue, step: string | number) => void): void {
  if (isList(value)) value.forEach(visit);
  else for (const name of Object.keys(value)) visit(value[name] ?? null, name);
}

/** The text at `name`, or undefined when there is none or it is something else. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === "string" ? value : undefined;
}

/** The digits of the number at `name` as they were written, or undefined. */
export function numberTextAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  if (typeof value === "number") return String(value);
  return isExactNumber(value) ? value.rawJSON : undefined;
}

/** The object at `name`, or undefined when there is none or it is something else. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isObject(value) ? value : undefined;
}

/** The objects in the list at `name`; a lone object counts as a list of one, since FHIR elements differ in this between types. */
export function objectsAt(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = object?.[name];
  if (isObject(value)) return [value];
  return isList(value) ? value.filter(isObject) : [];
}

/** UTF-8 bytes of the value in one line, keys in their order, numbers as they were read. */
export function writeJson(value: JsonValue): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Canonical texts of objects that are written several times. */
export type KnownTexts = ReadonlyMap<JsonValue, string>;

/**
 * Canonical text for comparing and hashing: RFC 8785 (no space, keys sorted by UTF-16 code units), except that numbers
 * keep the digits they were written with, so that `1.10` and `1.1` differ.
 */
export function canonicalText(value: JsonValue, known?: KnownTexts): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return canonicalList(value, known);
  if (!isObject(value)) return JSON.stringify(value);
  const text = known?.get(value);
  if (text !== undefined) return text;
  // The default order of `sort` is the one that RFC 8785 3.2.3 asks for.
  let members = "";
  for (const name of Object.keys(value).sort()) {
    members += `${members === "" ? "" : ","}${quoted(name)}:${canonicalText(value[name] ?? null, known)}`;
  }
  return `{${members}}`;
}

function canonicalList(list: readonly JsonValue[], known: KnownTexts | undefined): string {
  let items = "";
  for (const item of list) items += `${items === "" ? "" : ","}${canonicalText(item, known)}`;
  return `[${items}]`;
}

/** FHIR has some thousands of element names, and a file has each of them many times. */
const MAX_QUOTED = 10_000;
const quotedNames = new Map<string, string>();

function quoted(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < MAX_QUOTED) quotedNames.set(name, text);
  return text;
}
