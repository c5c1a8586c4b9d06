import type { BundleEntry, CheckedBundle } from "./bundle.ts";
import { sensitivitiesIn } from "./compartment.ts";
import { contentHash } from "./content-hash.ts";
import { type DocumentFacts, describeDocument } from "./document-facts.ts";
import { canonicalText, type JsonObject, type KnownTexts, objectAt, objectsAt, writeJson } from "./json-value.ts";
import { FhirRefusal, jsonPath } from "./refusal.ts";
import { DIRECTORY_TYPES, PERSON_TYPES } from "./resource-types.ts";
import { markDocument, markEqual, type UnmarkedDocument, unmarkDocument } from "./source-mark.ts";

export interface FhirDocument {
  /** SHA-256 (hex) of the content, whichever bundle brought it: a document whose key was imported before is not imported again. */
  readonly key: string;
  /** A FHIR Bundle of the same type as the source; what is sealed is `writeJson` of it. */
  readonly bundle: JsonObject;
  /** For the owner's list; sealed like the document itself, never on the ledger. */
  readonly facts: DocumentFacts;
}

/**
 * Splits a bundle into documents: first the general one, then one for each Encounter in the order of the bundle. A bundle
 * of type `document` is attested as a whole and stays whole.
 *
 * An entry goes with the one encounter that it refers to; one that refers to none goes with the entries that it is linked
 * to, when these all belong to one encounter; all else is general. Directory entries (practitioner, organisation, …) are
 * put into every document that refers to them, so that each can be understood by itself; the marks of position let
 * `mergeDocuments` give each entry back once.
 *
 * @throws FhirRefusal `fhir/TooManyCopies` at the directory entry with whose copies the limit is passed
 */
export async function splitBundle(checked: CheckedBundle): Promise<readonly FhirDocument[]> {
  if (checked.type === "document") return finishAll([{ ...unmarkDocument(checked.bundle), bundle: checked.bundle }]);

  // An entry is in the source, and may be in many documents.
  const texts = new Map(checked.entries.map(({ entry }) => [entry, canonicalText(entry)]));
  const source = await contentHash(checked.bundle, texts);
  const document = (head: JsonObject, entries: readonly BundleEntry[]): DocumentPart => {
    return { head, entries, bundle: markDocument(source, head, entries) };
  };
  const { entry: _, ...head } = checked.bundle;
  const visitHead = { resourceType: "Bundle", type: checked.type, ...labelsOfAll(checked) };
  const parts = assignParts(checked.entries);
  const withDirectory = createDirectory(checked);
  const visits = checked.entries
    .filter(({ type }) => type === "Encounter")
    .map(({ position }) => document(visitHead, withDirectory(parts.get(position) ?? [])));
  return finishAll([document(head, generalEntries(parts, checked.entries, withDirectory)), ...visits], texts);
}

/** A part of a bundle, without its marks, and as the document with them. */
interface DocumentPart extends Pick<UnmarkedDocument, "head" | "entries"> {
  readonly bundle: JsonObject;
}

/**
 * The security labels of a bundle, where one of them is not explained by what an entry says itself: it is about all of them then. Others are the sum of what
 * the entries say, and stand in the general document only.
 */
function labelsOfAll({ bundle, entries }: CheckedBundle): { readonly meta?: JsonObject } {
  const security = objectsAt(objectAt(bundle, "meta"), "security");
  const sensitivities = [...sensitivitiesIn(security)];
  if (sensitivities.length === 0) return {};
  const explained = sensitivitiesIn(entries.map(({ entry }) => entry));
  return sensitivities.every((one) => explained.has(one)) ? {} : { meta: { security } };
}

/** One after the other, so that only one large text is in memory. */
async function finishAll(parts: readonly DocumentPart[], texts?: KnownTexts): Promise<readonly FhirDocument[]> {
  const documents: FhirDocument[] = [];
  const counts = new Map<string, number>();
  for (const { head, entries, bundle } of parts) {
    const own = await contentHash({ ...head, entry: entries.map(({ entry }) => entry) }, texts);
    const equalsBefore = counts.get(own) ?? 0;
    counts.set(own, equalsBefore + 1);
    const facts = describeDocument(bundle);
    // Of visits that are equal in all, without an id or address of their own, each further one is filed, too.
    if (equalsBefore === 0) documents.push({ key: own, bundle, facts });
    else documents.push({ key: await contentHash([own, equalsBefore]), bundle: markEqual(bundle, equalsBefore), facts });
  }
  return documents;
}

/** Position of an encounter, or `GENERAL`. */
type Part = number;
const GENERAL: Part = -1;

/** Positions by the part that they belong to, of all entries that are not directory. */
function assignParts(entries: readonly BundleEntry[]): ReadonlyMap<Part, readonly number[]> {
  const partOf = new Map<number, Part>();
  for (const { position, type, refersTo } of entries) {
    const encounters = type === "Encounter" ? [position] : refersTo.filter((target) => entries[target]?.type === "Encounter");
    const [first] = encounters;
    if (PERSON_TYPES.has(type)) partOf.set(position, GENERAL);
    else if (!DIRECTORY_TYPES.has(type) && first !== undefined) partOf.set(position, encounters.length === 1 ? first : GENERAL);
  }
  assignByLinks(entries, partOf);
  return Map.groupBy(partOf.keys(), (position) => partOf.get(position) ?? GENERAL);
}

/** Entries without an encounter of their own: each connected group of them follows its neighbours. */
function assignByLinks(entries: readonly BundleEntry[], partOf: Map<number, Part>): void {
  const neighbours = linksOf(entries);
  for (const { position, type } of entries) {
    if (partOf.has(position) || DIRECTORY_TYPES.has(type)) continue;
    const group = new Set([position]);
    const around = new Set<Part>();
    // A set gives what is added to it while it is walked.
    for (const member of group) {
      for (const neighbour of neighbours.get(member) ?? []) {
        const part = partOf.get(neighbour);
        if (part === undefined) group.add(neighbour);
        else around.add(part);
      }
    }
    const [only] = around;
    for (const member of group) partOf.set(member, around.size === 1 && only !== undefined ? only : GENERAL);
  }
}

/** Links in both directions between entries that are about the patient's care. */
function linksOf(entries: readonly BundleEntry[]): ReadonlyMap<number, readonly number[]> {
  const links = new Map<number, number[]>();
  const link = (from: number, to: number) => {
    const known = links.get(from);
    if (known === undefined) links.set(from, [to]);
    else known.push(to);
  };
  const isCare = (type: string | undefined) => type !== undefined && !PERSON_TYPES.has(type) && !DIRECTORY_TYPES.has(type);
  for (const { position, type, refersTo } of entries) {
    for (const target of refersTo) {
      if (!isCare(type) || !isCare(entries[target]?.type)) continue;
      link(position, target);
      link(target, position);
    }
  }
  return links;
}

/** General entries, the directory entries that they need, and those that nothing needs. */
function generalEntries(
  parts: ReadonlyMap<Part, readonly number[]>,
  entries: readonly BundleEntry[],
  withDirectory: WithDirectory,
): readonly BundleEntry[] {
  const needed = new Set(withDirectory([...parts.values()].flat()));
  const unneeded = entries.filter((entry) => !needed.has(entry)).map(({ position }) => position);
  return withDirectory([...(parts.get(GENERAL) ?? []), ...unneeded]);
}

/** The entries at these positions and the directory entries that they refer to, directly or through others, in the order of the bundle. */
type WithDirectory = (positions: readonly number[]) => readonly BundleEntry[];

/** Of a year of visits the copies make some MiB; of a small file that is meant to, they would fill any memory. */
const MAX_COPIED_BYTES = 268_435_456;

function createDirectory({ entries, file }: CheckedBundle): WithDirectory {
  const sizes = new Map<number, number>();
  let copiedBytes = 0;

  function copy({ position, entry }: BundleEntry): void {
    const sizeBytes = sizes.get(position) ?? writeJson(entry).length;
    sizes.set(position, sizeBytes);
    copiedBytes += sizeBytes;
    if (copiedBytes <= MAX_COPIED_BYTES) return;
    throw new FhirRefusal("fhir/TooManyCopies", { file, path: jsonPath(["entry", position]) }, `limit ${MAX_COPIED_BYTES} bytes`);
  }

  return (positions) => {
    const chosen = new Set(positions);
    for (const position of chosen) {
      for (const target of entries[position]?.refersTo ?? []) {
        const entry = entries[target];
        if (!entry || !DIRECTORY_TYPES.has(entry.type) || chosen.has(target)) continue;
        copy(entry);
        chosen.add(target);
      }
    }
    return [...chosen].sort((a, b) => a - b).flatMap((position) => entries[position] ?? []);
  };
}
