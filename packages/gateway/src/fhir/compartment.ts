import { isList, isObject, type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";
import { DIRECTORY_TYPES, PERSON_TYPES } from "./resource-types.ts";
import { SENSITIVE_COMPARTMENTS, type SensitiveCompartment, sensitivityOfCode } from "./sensitive-codes.ts";

/** By what a patient shares records; the nine of the design. On the ledger they are opaque labels. */
export const COMPARTMENTS = ["general", "laboratory", "medication", "imaging", "home", ...SENSITIVE_COMPARTMENTS] as const;
export type Compartment = (typeof COMPARTMENTS)[number];

/**
 * The compartment that the author is offered for these resources:
 * 1. one sensitive code or security label anywhere makes the whole document sensitive, since one who may not see the
 *    diagnosis may not see the claim that names it either;
 * 2. an encounter at the patient's home is `home`;
 * 3. a document with resources of one kind only is `laboratory`, `medication`, `imaging` or `home` (measured by a device);
 * 4. a document that only says who vouches for others (Provenance) is what these are;
 * 5. everything else is `general`.
 *
 * @param meta of the bundle
 */
export function suggestCompartment(resources: readonly JsonObject[], meta: JsonObject = {}): Compartment {
  const sensitive = sensitivitiesIn([meta, ...resources]);
  const first = SENSITIVE_COMPARTMENTS.find((compartment) => sensitive.has(compartment));
  if (first !== undefined) return first;

  if (resources.some(isHomeEncounter)) return "home";
  const kinds = kindsOf(resources);
  const [only, ...others] = kinds.size > 0 ? kinds : kindsOf(resources.flatMap(targetsOf));
  return only !== undefined && others.length === 0 ? only : "general";
}

/** Sensitive compartments of all codings in the values, however deep: a claim's diagnosis counts like the condition itself. */
export function sensitivitiesIn(values: readonly JsonValue[]): ReadonlySet<SensitiveCompartment> {
  const found = new Set<SensitiveCompartment>();
  for (const value of values) collectSensitive(value, found);
  return found;
}

function kindsOf(resources: readonly JsonObject[]): ReadonlySet<Compartment> {
  return new Set(resources.map(kindOf).filter((kind) => kind !== undefined));
}

/** What a Provenance is about, as far as its references tell. */
function targetsOf(resource: JsonObject): readonly JsonObject[] {
  if (resource.resourceType !== "Provenance") return [];
  return objectsAt(resource, "target").map(({ type = "" }) => ({ resourceType: type }));
}

function collectSensitive(value: JsonValue, found: Set<SensitiveCompartment>): void {
  if (isList(value)) for (const item of value) collectSensitive(item, found);
  if (!isObject(value)) return;
  const own = value.resourceType === "MolecularSequence" ? "genetics" : sensitivityOfCode(textAt(value, "system"), textAt(value, "code"));
  if (own !== undefined) found.add(own);
  for (const member of Object.values(value)) collectSensitive(member, found);
}

function isHomeEncounter(resource: JsonObject): boolean {
  // v3-ActCode HH: home health.
  return resource.resourceType === "Encounter" && textAt(objectAt(resource, "class"), "code") === "HH";
}

const BESIDES_THE_POINT: ReadonlySet<string> = new Set([
  "Claim",
  "ClaimResponse",
  "Composition",
  "Encounter",
  "ExplanationOfBenefit",
  "Provenance",
]);

/** HL7 v2 table 0074, diagnostic service sections: those that make pictures. */
const IMAGING_SECTIONS: ReadonlySet<string> = new Set(["RAD", "RX", "RUS", "CT", "CUS", "NMR", "NMS", "OUS", "VUS", "XRC"]);
const LABORATORY_SECTIONS: ReadonlySet<string> = new Set(["LAB", "BG", "CH", "HM", "IMM", "MB", "MCB", "MYC", "SR", "TX", "VR"]);

/** The kind of one resource; undefined for what says nothing about the kind: the person, the house, the visit, the bill and the cover sheet. */
function kindOf(resource: JsonObject): Compartment | undefined {
  const type = textAt(resource, "resourceType") ?? "";
  if (PERSON_TYPES.has(type) || DIRECTORY_TYPES.has(type) || BESIDES_THE_POINT.has(type)) return undefined;
  if (type.startsWith("Medication")) return "medication";
  if (type === "Specimen") return "laboratory";
  if (type === "ImagingStudy") return "imaging";
  if (type === "Device" || type === "DeviceMetric") return "home";
  const categories = objectsAt(resource, "category").flatMap((category) =>
    objectsAt(category, "coding").map((coding) => textAt(coding, "code") ?? ""),
  );
  if (type === "Observation") return observationKind(resource, categories);
  if (type !== "DiagnosticReport") return "general";
  if (categories.some((code) => IMAGING_SECTIONS.has(code))) return "imaging";
  return categories.some((code) => LABORATORY_SECTIONS.has(code)) ? "laboratory" : "general";
}

function observationKind(observation: JsonObject, categories: readonly string[]): Compartment {
  if (categories.includes("laboratory")) return "laboratory";
  if (categories.includes("imaging")) return "imaging";
  return objectAt(observation, "device") === undefined ? "general" : "home";
}
