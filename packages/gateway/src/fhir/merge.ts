import { canonicalText, isObject, type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";
import { FhirRefusal } from "./refusal.ts";
import { type PlacedEntry, type UnmarkedDocument, unmarkDocument } from "./source-mark.ts";

/** What came from one source bundle. */
interface Source {
  readonly key: string | undefined;
  readonly documents: UnmarkedDocument[];
}

interface SourceEntry extends PlacedEntry {
  /** How many entries of the source are known to equal this one and come before it, be they given or not. */
  readonly equalsBefore: number;
}

/**
 * The one bundle back from its documents, in any order: each entry once and at its place, the head as it was. Entries of
 * documents that are not given are absent; the rest keeps its order.
 *
 * Documents of several bundles are put one bundle after the other, in the order in which a document of each appears first.
 * Entries that are equal in all are there as often as the bundle has them that has most of them. Facts about one bundle (id,
 * timestamp, total, links, signature) cannot hold for the sum and are left out, but for security labels, of which the sum has
 * all; its type is the common one, else `collection`, also where bundles say different things of one address, which no
 * transaction can.
 *
 * @throws FhirRefusal `fhir/NotABundle` for a document that is none, `fhir/NoEntries` when there are no documents
 */
export function mergeDocuments(documents: readonly JsonValue[]): JsonObject {
  const sources = bySource(documents.map(readDocument));
  const [only] = sources;
  if (only === undefined) throw new FhirRefusal("fhir/NoEntries", { file: "documents", path: "$" });
  if (sources.length === 1) {
    return { ...headOf(only), entry: entriesOf(only).map(({ entry }) => entry) };
  }
  return joinSources(sources);
}

/** The head of the bundle: that of the general document, if it is there; the others repeat parts of it. */
function headOf({ documents }: Source): JsonObject {
  const heads = documents.map(({ head }) => head);
  const metas = heads.map(({ meta }) => meta).filter(isObject);
  return Object.assign({}, ...heads, metas.length > 0 && { meta: Object.assign({}, ...metas) });
}

function readDocument(value: JsonValue, index: number): UnmarkedDocument {
  if (!isObject(value) || value.resourceType !== "Bundle")
    throw new FhirRefusal("fhir/NotABundle", { file: `documents[${index}]`, path: "$" });
  return unmarkDocument(value);
}

function bySource(documents: readonly UnmarkedDocument[]): readonly Source[] {
  const sources: Source[] = [];
  const known = new Map<string, Source>();
  for (const document of documents) {
    const earlier = document.source === undefined ? undefined : known.get(document.source);
    if (earlier !== undefined) {
      earlier.documents.push(document);
      continue;
    }
    const source = { key: document.source, documents: [document] };
    sources.push(source);
    if (document.source !== undefined) known.set(document.source, source);
  }
  return sources;
}

/** Each entry once, by position. Should two documents disagree about a position, both are kept: nothing is lost. */
function entriesOf(source: Source): readonly SourceEntry[] {
  const byPosition = new Map<number, Map<string, SourceEntry>>();
  for (const placed of source.documents.flatMap(sourceEntries)) {
    const text = canonicalText(placed.entry);
    const known = byPosition.get(placed.position);
    if (known === undefined) byPosition.set(placed.position, new Map([[text, placed]]));
    else if (!known.has(text)) known.set(text, placed);
  }
  return [...byPosition.values()].flatMap((known) => [...known.values()]).sort((a, b) => a.position - b.position);
}

/** Equal documents have one visit each. Nothing leads to it, as it has no address, so that all else in them is copies of directory entries. */
function sourceEntries({ entries, equalsBefore }: UnmarkedDocument): readonly SourceEntry[] {
  return entries.map((placed) => ({ ...placed, equalsBefore: isVisit(placed.entry) ? equalsBefore : 0 }));
}

function isVisit(entry: JsonObject): boolean {
  return textAt(objectAt(entry, "resource"), "resourceType") === "Encounter";
}

function joinSources(sources: readonly Source[]): JsonObject {
  const lists = sources.map(entriesOf);
  const types = new Set(sources.map(({ documents }) => documents[0]?.head.type));
  const [type = "collection"] = types;
  const joined = joinEntries(lists);
  const labels = labelsOf(sources);
  // bdl-11: a bundle of type document is one composition, so two of them are none.
  if (types.size === 1 && type !== "document" && !repeatsAddress(joined)) return { resourceType: "Bundle", type, ...labels, entry: joined };
  return { resourceType: "Bundle", type: "collection", ...labels, entry: joinEntries(lists.map((entries) => entries.map(plainEntry))) };
}

function labelsOf(sources: readonly Source[]): { readonly meta?: JsonObject } {
  const labels = sources.flatMap((source) => objectsAt(objectAt(headOf(source), "meta"), "security"));
  const security = [...new Map(labels.map((label) => [canonicalText(label), label])).values()];
  return security.length === 0 ? {} : { meta: { security } };
}

/** One list after the other, without what an earlier list has, too: the first of equal entries if it has one, the second if it has two. */
function joinEntries(lists: readonly (readonly SourceEntry[])[]): readonly JsonObject[] {
  const earlier = new Set<string>();
  return lists.flatMap((entries) => {
    const fresh = numberEquals(entries).filter(({ key }) => !earlier.has(key));
    for (const { key } of fresh) earlier.add(key);
    return fresh.map(({ entry }) => entry);
  });
}

/** The entries of one source, each under a key of its own: what it says, and how many say the same before it. */
function numberEquals(entries: readonly SourceEntry[]): readonly { readonly key: string; readonly entry: JsonObject }[] {
  const counts = new Map<string, number>();
  return entries.map(({ entry, equalsBefore }) => {
    const text = canonicalText(entry);
    const before = Math.max(equalsBefore, counts.get(text) ?? 0);
    counts.set(text, before + 1);
    return { key: `${before} ${text}`, entry };
  });
}

function repeatsAddress(entries: readonly JsonObject[]): boolean {
  const addresses = entries.map((entry) => textAt(entry, "fullUrl")).filter((fullUrl) => fullUrl !== undefined);
  return new Set(addresses).size < addresses.length;
}

/** FHIR R4 bdl-2 to bdl-4: search, request and response have no place in a collection. */
function plainEntry({ entry: { search: _search, request: _request, response: _response, ...entry }, ...placed }: SourceEntry): SourceEntry {
  return { ...placed, entry };
}
