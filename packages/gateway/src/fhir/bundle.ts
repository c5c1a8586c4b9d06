import { dateFields } from "./dates.ts";
import { faultInNames } from "./human-name.ts";
import { isList, isObject, type JsonObject, type JsonValue, objectAt, textAt } from "./json-value.ts";
import { hasFormat } from "./primitives.ts";
import { addressesIn, baseOf, createResolver, type Resolver, referencesOf } from "./references.ts";
import { FhirRefusal, type FhirRefusalId, jsonPath } from "./refusal.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";
import { isSamePatient } from "./same-patient.ts";
import { createSubjectCheck, type SubjectCheck } from "./subject.ts";

/**
 * Bundles that state facts about one patient. `history` (versions), `message` (an event) and the `-response` types say
 * what happened on a server, not what is so, and are refused.
 */
const IMPORTABLE_TYPES: ReadonlySet<string> = new Set(["transaction", "batch", "collection", "searchset", "document"]);

/** The types of FHIR R4 whose `status` is a CodeableConcept; it is a code in all others that have one. */
const CONCEPT_STATUS_TYPES: ReadonlySet<string> = new Set(["MedicinalProductAuthorization", "SubstanceSpecification"]);

export interface BundleEntry {
  /** Index in `Bundle.entry`. */
  readonly position: number;
  /** The whole entry as it was read: fullUrl, resource, request, search and whatever else. */
  readonly entry: JsonObject;
  readonly resource: JsonObject;
  readonly type: string;
  readonly fullUrl: string | undefined;
  /** Positions of the entries that the resource refers to, each once; a Binary also where only the address of an attachment names it. */
  readonly refersTo: readonly number[];
}

/** A bundle that passed `checkBundle`. */
export interface CheckedBundle {
  /** Name of the file, for refusals. */
  readonly file: string;
  readonly bundle: JsonObject;
  readonly type: string;
  readonly entries: readonly BundleEntry[];
  /** Position of the one Patient; of several entries for the same one, of the last. */
  readonly patient: number;
  /** JSON paths of `urn:` references that nothing in the bundle answers; they are kept as they are. */
  readonly danglingReferences: readonly string[];
}

type Step = string | number;

/**
 * Checks what the import relies on: a Bundle of an importable type, entries with R4 resources, formats of ids, fullUrls,
 * dates and names that are read, unique fullUrls but for versions, one Patient, and no resource about another. Profiles, cardinalities and
 * terminology are not checked.
 *
 * @param file name of the file, for refusals
 * @throws FhirRefusal `fhir/*` with JSON path; the first fault in the order of the bundle
 */
export function checkBundle(value: JsonValue, file: string): CheckedBundle {
  if (!isObject(value) || value.resourceType !== "Bundle") throw refusal("fhir/NotABundle", file, [], 'expected resourceType "Bundle"');
  const type = textAt(value, "type") ?? "";
  if (!IMPORTABLE_TYPES.has(type)) throw refusal("fhir/BundleTypeNotImportable", file, ["type"]);
  checkMarkable(value, "meta", file, []);

  const bare = readEntries(value, type, file);
  const patient = onePatient(bare, file);
  if (type === "document" && bare[0]?.type !== "Composition")
    throw refusal("fhir/DocumentWithoutComposition", file, ["entry", 0, "resource"]);
  const resolve = createResolver(bare);
  const subjects = createSubjectCheck(bare);
  const linked = bare.map((entry) => linkEntry(entry, { bare, resolve, subjects, file }));
  return {
    file,
    bundle: value,
    type,
    entries: linked.map(({ entry }) => entry),
    patient,
    danglingReferences: linked.flatMap(({ dangling }) => dangling),
  };
}

type BareEntry = Omit<BundleEntry, "refersTo">;

function readEntries(bundle: JsonObject, bundleType: string, file: string): readonly BareEntry[] {
  const list = bundle.entry;
  if (list !== undefined && !isList(list)) throw refusal("fhir/WrongType", file, ["entry"], "expected a list");
  if (list === undefined || list.length === 0) throw refusal("fhir/NoEntries", file, ["entry"]);
  const positions = new Map<string, number>();
  return list.map((value, position) => {
    const entry = readEntry(value, position, file);
    const version = versionOf(entry, bundleType);
    const earlier = version === undefined ? undefined : positions.get(version);
    if (earlier !== undefined) throw refusal("fhir/DuplicateFullUrl", file, ["entry", position, "fullUrl"], `as $.entry[${earlier}]`);
    if (version !== undefined) positions.set(version, position);
    return entry;
  });
}

/**
 * What may be in a bundle once: FHIR R4 bdl-7, an address with the version. A collection may tell of one address several times without versions, as exports do
 * that join what several bundles said of one resource.
 */
function versionOf({ fullUrl, resource }: BareEntry, bundleType: string): string | undefined {
  if (fullUrl === undefined || bundleType === "collection") return undefined;
  return `${fullUrl} ${textAt(objectAt(resource, "meta"), "versionId") ?? ""}`;
}

function readEntry(entry: JsonValue, position: number, file: string): BareEntry {
  const steps = ["entry", position];
  if (!isObject(entry)) throw refusal("fhir/WrongType", file, steps, "expected an object");
  const resource = entry.resource;
  if (resource === undefined) throw refusal("fhir/EntryWithoutResource", file, steps);
  if (!isObject(resource)) throw refusal("fhir/WrongType", file, [...steps, "resource"], "expected an object");
  const type = textAt(resource, "resourceType") ?? "";
  if (!RESOURCE_TYPES.has(type)) throw refusal("fhir/UnknownResourceType", file, [...steps, "resource", "resourceType"]);
  checkMarkable(entry, "extension", file, steps);
  checkPrimitive(entry.fullUrl, "uri", file, [...steps, "fullUrl"]);
  checkPrimitive(resource.id, "id", file, [...steps, "resource", "id"]);
  if (!CONCEPT_STATUS_TYPES.has(type)) checkPrimitive(resource.status, "code", file, [...steps, "resource", "status"]);
  for (const field of dateFields(resource)) checkPrimitive(field.value, field.primitive, file, [...steps, "resource", ...field.steps]);
  const fault = type === "Patient" ? faultInNames(resource) : undefined;
  if (fault) throw refusal("fhir/WrongType", file, [...steps, "resource", ...fault.steps], `expected ${fault.expected}`);
  return { position, entry, resource, type, fullUrl: textAt(entry, "fullUrl") };
}

function checkPrimitive(
  value: JsonValue | undefined,
  primitive: Parameters<typeof hasFormat>[0],
  file: string,
  steps: readonly Step[],
): void {
  if (value === undefined) return;
  if (typeof value !== "string") throw refusal("fhir/WrongType", file, steps, `expected a string (${primitive})`);
  if (!hasFormat(primitive, value)) throw refusal("fhir/BadPrimitive", file, steps, `expected ${primitive}`);
}

/**
 * Documents put a mark into `Bundle.meta` and `entry.extension` and take it out again. FHIR R4 json.html: "objects are
 * never empty"; holding input to that makes an empty one left after taking out unambiguous.
 */
function checkMarkable(holder: JsonObject, name: "meta" | "extension", file: string, steps: readonly Step[]): void {
  const value = holder[name];
  if (value === undefined) return;
  if (name === "extension" && (!isList(value) || value.length === 0)) {
    throw refusal("fhir/WrongType", file, [...steps, name], "expected a list that is not empty");
  }
  if (name === "meta") {
    if (!isObject(value) || Object.keys(value).length === 0)
      throw refusal("fhir/WrongType", file, [...steps, name], "expected an object that is not empty");
    checkMarkable(value, "extension", file, [...steps, name]);
  }
}

function onePatient(entries: readonly BareEntry[], file: string): number {
  const patients = entries.filter(({ type }) => type === "Patient");
  const last = patients.at(-1);
  if (last === undefined) throw refusal("fhir/NoPatient", file, ["entry"]);
  if (!patients.every((patient) => patient === last || isSamePatient(patient, last))) {
    const paths = patients.map(({ position }) => jsonPath(["entry", position]));
    throw refusal("fhir/SeveralPatients", file, ["entry"], listed(paths));
  }
  return last.position;
}

const MAX_LISTED = 10;

function listed(paths: readonly string[]): string {
  const rest = paths.length - MAX_LISTED;
  return paths.slice(0, MAX_LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

interface Links {
  /** All entries of the bundle. */
  readonly bare: readonly BareEntry[];
  readonly resolve: Resolver;
  readonly subjects: SubjectCheck;
  readonly file: string;
}

function linkEntry(own: BareEntry, { bare, resolve, subjects, file }: Links): { entry: BundleEntry; dangling: readonly string[] } {
  const pathTo = (steps: readonly Step[]) => ["entry", own.position, "resource", ...steps];
  const targets = new Set<number>();
  const dangling: string[] = [];
  const references = referencesOf(own.resource);
  const outside = references.filter(({ reference, steps }) => {
    const target = resolve(reference, own);
    if (target === undefined && reference.startsWith("urn:")) dangling.push(jsonPath(pathTo(steps)));
    if (target !== undefined) targets.add(target);
    return target === undefined || bare[target]?.type === "Patient";
  });
  for (const address of addressesIn(own.resource)) {
    const target = resolve(address, own);
    if (target !== undefined && bare[target]?.type === "Binary") targets.add(target);
  }
  const other = subjects.otherReferred(outside, baseOf(own.fullUrl)) ?? subjects.otherNamed(own.resource);
  if (other) throw refusal("fhir/OtherPatient", file, pathTo(other));
  return { entry: { ...own, refersTo: [...targets] }, dangling };
}

function refusal(id: FhirRefusalId, file: string, steps: readonly Step[], detail = ""): FhirRefusal {
  return new FhirRefusal(id, { file, path: jsonPath(steps) }, detail);
}
