import { isList, isObject, type JsonObject, type JsonValue, objectAt, textAt } from "./json-value.ts";

/**
 * A document made from a part of a bundle says so inside itself, in FHIR's own way of adding facts: an extension in
 * `Bundle.meta` names the source bundle by its hash, and one in each entry gives the entry's position there. Of documents of
 * one bundle that are equal in all, each but the first has one more in `Bundle.meta`: how many came before it.
 */
const SOURCE_BUNDLE = "urn:galen:fhir:source-bundle";
const SOURCE_POSITION = "urn:galen:fhir:source-position";
const EQUALS_BEFORE = "urn:galen:fhir:equals-before";

export interface PlacedEntry {
  readonly position: number;
  readonly entry: JsonObject;
}

/** A document without its marks. */
export interface UnmarkedDocument {
  /** SHA-256 of the source bundle, or undefined for a bundle that came from no split. */
  readonly source: string | undefined;
  /** How many documents of the source that equal this one come before it. */
  readonly equalsBefore: number;
  /** Everything of the bundle but its entries. */
  readonly head: JsonObject;
  readonly entries: readonly PlacedEntry[];
}

/** The document as a FHIR Bundle that carries its marks. */
export function markDocument(source: string, head: JsonObject, entries: readonly PlacedEntry[]): JsonObject {
  return {
    ...head,
    meta: prepend(objectAt(head, "meta") ?? {}, { url: SOURCE_BUNDLE, valueString: source }),
    entry: entries.map(({ entry, position }) => prepend(entry, { url: SOURCE_POSITION, valueUnsignedInt: position })),
  };
}

/** A marked document that so many equal ones of its source come before. */
export function markEqual(document: JsonObject, equalsBefore: number): JsonObject {
  return { ...document, meta: prepend(objectAt(document, "meta") ?? {}, { url: EQUALS_BEFORE, valueUnsignedInt: equalsBefore }) };
}

/** Takes the marks out again; a bundle that is not marked throughout comes back as it is, its entries in their order. */
export function unmarkDocument(document: JsonObject): UnmarkedDocument {
  const { entry: list, ...markedHead } = document;
  const entries = isList(list) ? list.filter(isObject) : [];
  const markedMeta = objectAt(document, "meta") ?? {};
  const before = firstExtension(markedMeta, EQUALS_BEFORE)?.valueUnsignedInt;
  const sourceMeta = isPosition(before) ? dropFirst(markedMeta) : markedMeta;
  const source = textAt(firstExtension(sourceMeta, SOURCE_BUNDLE), "valueString");
  const positions = entries.map((entry) => firstExtension(entry, SOURCE_POSITION)?.valueUnsignedInt).filter(isPosition);
  if (source === undefined || positions.length < entries.length) {
    return { source: undefined, equalsBefore: 0, head: markedHead, entries: entries.map((entry, position) => ({ position, entry })) };
  }
  const { meta: _, ...head } = markedHead;
  const bareMeta = dropFirst(sourceMeta);
  return {
    source,
    equalsBefore: isPosition(before) ? before : 0,
    head: Object.keys(bareMeta).length === 0 ? head : { ...head, meta: bareMeta },
    entries: entries.map((entry, index) => ({ position: positions[index] ?? index, entry: dropFirst(entry) })),
  };
}

function isPosition(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function firstExtension(holder: JsonObject | undefined, url: string): JsonObject | undefined {
  const list = holder?.extension;
  const first = isList(list) ? list[0] : undefined;
  return isObject(first) && first.url === url ? first : undefined;
}

function prepend(holder: JsonObject, extension: JsonObject): JsonObject {
  const rest = holder.extension;
  return { ...holder, extension: [extension, ...(isList(rest) ? rest : [])] };
}

function dropFirst(holder: JsonObject): JsonObject {
  const { extension, ...rest } = holder;
  const others = isList(extension) ? extension.slice(1) : [];
  return others.length === 0 ? rest : { ...rest, extension: others };
}
