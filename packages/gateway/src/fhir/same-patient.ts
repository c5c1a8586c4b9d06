import { calledBy, humanName } from "./human-name.ts";
import { canonicalText, isList, type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";

/** A Patient, and the address of its entry. */
interface PatientEntry {
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject;
}

/**
 * Whether two Patients of one bundle are the same one: with a name, by what holds between files, and by the given names, since twins on one policy share number,
 * family name and birth date.
 */
export function isSamePatient(a: PatientEntry, b: PatientEntry): boolean {
  const [one, other] = [a, b].map((entry) => {
    return canonicalText([identityOf(entry) ?? null, personOf(entry.resource), givenNames(entry.resource)]);
  });
  return hasName(a.resource) && one === other;
}

/**
 * Ids alone repeat between systems: FHIR's own examples are all called "example". So do the addresses of servers, each of which may call itself
 * `localhost`. The number of a policy is that of a family, in which twins share all but the given name. Undefined where nothing tells a Patient from others, as in
 * exports without names.
 */
export function identityOf({ fullUrl, resource }: PatientEntry): JsonValue | undefined {
  const identifiers = objectsAt(resource, "identifier").filter(({ system, value }) => isText(system) && isText(value));
  const own = identifiers.find((identifier) => !isOfPolicy(identifier));
  if (own !== undefined) return ["identifier", own.system!, own.value!];
  if (!hasName(resource)) return fullUrl?.startsWith("urn:") ? ["fullUrl", fullUrl] : undefined;
  const [shared] = identifiers;
  if (shared !== undefined) return ["identifier", shared.system!, shared.value!, givenNames(resource)[0] ?? null];
  if (fullUrl !== undefined) return ["fullUrl", fullUrl];
  return ["person", resource.id ?? null, resource.name ?? null, resource.birthDate ?? null];
}

/** Family name and birth date. */
export function personOf(patient: JsonObject): readonly [family: JsonValue, birthDate: JsonValue] {
  const name = calledBy(patient);
  const family = textAt(name, "family") ?? humanName(name);
  return [family === undefined ? null : foldName(family), patient.birthDate ?? null];
}

/** HL7 v2 table 0203: the number of a member and of the subscriber of an insurance. */
const POLICY_NUMBERS: readonly (string | undefined)[] = ["MB", "SN"];

export function isOfPolicy(identifier: JsonObject): boolean {
  return objectsAt(objectAt(identifier, "type"), "coding").some((coding) => POLICY_NUMBERS.includes(textAt(coding, "code")));
}

/** As the Patient is called, however it is typed. */
export function givenNames(patient: JsonObject): readonly JsonValue[] {
  const given = calledBy(patient)?.given;
  return isList(given) ? given.map((name) => (typeof name === "string" ? foldName(name) : null)) : [];
}

function hasName(patient: JsonObject): boolean {
  return humanName(calledBy(patient)) !== undefined;
}

/** However a name is typed: case, width and white space say nothing of who it is. */
function foldName(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}
