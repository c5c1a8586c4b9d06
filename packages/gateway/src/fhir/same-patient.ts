import { calledBy, humanName } from "./human-name.ts";
import { canonicalText, isList, type JsonObject, type JsonValue, objectsAt, textAt } from "./json-value.ts";

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
    const given = calledBy(entry.resource)?.given;
    const givenNames = isList(given) ? given.map((name) => (typeof name === "string" ? foldName(name) : null)) : null;
    return canonicalText([identityOf(entry), personOf(entry.resource), givenNames]);
  });
  return humanName(calledBy(a.resource)) !== undefined && one === other;
}

/** Ids alone repeat between systems: FHIR's own examples are all called "example". */
export function identityOf({ fullUrl, resource }: PatientEntry): JsonValue {
  const identifier = objectsAt(resource, "identifier").find(({ system, value }) => isText(system) && isText(value));
  if (identifier !== undefined) return ["identifier", identifier.system!, identifier.value!];
  if (fullUrl !== undefined) return ["fullUrl", fullUrl];
  return ["person", resource.id ?? null, resource.name ?? null, resource.birthDate ?? null];
}

/** Family name and birth date. */
export function personOf(patient: JsonObject): readonly [family: JsonValue, birthDate: JsonValue] {
  const name = calledBy(patient);
  const family = textAt(name, "family") ?? humanName(name);
  return [family === undefined ? null : foldName(family), patient.birthDate ?? null];
}

/** However a name is typed: case, width and white space say nothing of who it is. */
function foldName(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}
