import { forEachMember, isList, isObject, type JsonObject, type JsonValue, textAt } from "./json-value.ts";

/** A FHIR Reference found in a resource: its text, and the steps to it from the resource. */
export interface Reference {
  readonly steps: readonly (string | number)[];
  readonly reference: string;
  /** Type of the innermost resource that holds it, and the names of the elements on the way from there. */
  readonly holder: string;
  readonly element: string;
}

/** All literal references of the resource and of what it contains, except those to contained resources (`#id`). */
export function referencesOf(resource: JsonObject): readonly Reference[] {
  const found: Reference[] = [];
  collect(resource, [], { type: "", depth: 0 }, found);
  return found;
}

/** The innermost resource around, which begins after so many steps. */
interface Holder {
  readonly type: string;
  readonly depth: number;
}

/** `steps` is the way to `value`, changed on the walk. Depth is bounded by the reader's limit on nesting. */
function collect(value: JsonValue, steps: (string | number)[], around: Holder, found: Reference[]): void {
  if (!isList(value) && !isObject(value)) return;
  const own = isObject(value) ? textAt(value, "resourceType") : undefined;
  const holder = own === undefined ? around : { type: own, depth: steps.length };
  const reference = isObject(value) ? textAt(value, "reference") : undefined;
  if (reference !== undefined && !reference.startsWith("#")) {
    const element = steps.slice(holder.depth).filter((step) => typeof step === "string");
    found.push({ steps: [...steps], reference, holder: holder.type, element: element.join(".") });
  }
  forEachMember(value, (member, step) => {
    steps.push(step);
    collect(member, steps, holder, found);
    steps.pop();
  });
}

/**
 * The addresses in the resource at `url`, the element by which an Attachment names its file (FHIR R4 datatypes.html#Attachment). Others have an element of that
 * name, too: what is no address of an entry leads to none.
 */
export function addressesIn(resource: JsonObject): readonly string[] {
  const found: string[] = [];
  collectAddresses(resource, found);
  return found;
}

function collectAddresses(value: JsonValue, found: string[]): void {
  if (!isList(value) && !isObject(value)) return;
  const url = isObject(value) ? textAt(value, "url") : undefined;
  if (url !== undefined) found.push(url);
  forEachMember(value, (member) => collectAddresses(member, found));
}

/** What an entry can be referred to by. */
export interface Referable {
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject;
}

/** Finds the position of the entry that a reference points to, seen from the entry that holds it; undefined when it points outside. */
export type Resolver = (reference: string, from: Referable) => number | undefined;

const RELATIVE = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

/**
 * Resolver for a bundle's entries (FHIR R4 bundle.html#references): by fullUrl; a relative `Type/id` first under the base
 * of the holder's own fullUrl, then by the type and id of the resources. Versions (`/_history/2`) and fragments are ignored.
 */
export function createResolver(entries: readonly Referable[]): Resolver {
  const byFullUrl = new Map<string, number>();
  const byTypeAndId = new Map<string, number>();
  // Worked out once: an entry may hold very many references.
  const bases = new Map(entries.map((entry) => [entry, baseOf(entry.fullUrl)]));
  entries.forEach(({ fullUrl, resource }, position) => {
    if (fullUrl !== undefined) byFullUrl.set(fullUrl, position);
    const name = `${textAt(resource, "resourceType")}/${textAt(resource, "id")}`;
    if (!byTypeAndId.has(name)) byTypeAndId.set(name, position);
  });

  return (reference, from) => {
    const target = resourceAddress(reference);
    const direct = byFullUrl.get(target);
    if (direct !== undefined || !RELATIVE.test(target)) return direct;
    return byFullUrl.get((bases.get(from) ?? baseOf(from.fullUrl)) + target) ?? byTypeAndId.get(target);
  };
}

/** The address of the resource that a reference leads to, without a version or a part of it. */
export function resourceAddress(reference: string): string {
  return reference.replace(/#.*$/s, "").replace(/\/_history\/[^/]*$/, "");
}

/** Servers take no longer ones as a rule. A hostile fullUrl may be megabytes, and each relative reference of its entry would have it read. */
const MAX_URL_LENGTH = 8_192;

/** `https://host/fhir/` of `https://host/fhir/Patient/1`, "" when the URL is not of this form or too long. */
export function baseOf(fullUrl = ""): string {
  if (fullUrl.length > MAX_URL_LENGTH) return "";
  return /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl)?.[1] ?? "";
}
