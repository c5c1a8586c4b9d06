import type { BundleEntry, CheckedBundle } from "./bundle.ts";
import { contentHash } from "./content-hash.ts";
import { type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";
import { calledBy, humanName } from "./patient-name.ts";

type PatientEntry = Pick<BundleEntry, "fullUrl" | "resource">;

/** By what a patient is recognised in another file; the same patient only if both are equal. */
export interface PatientMarks {
  /** Hash of identifier or address: the first identifier with system and value, else the full address of the entry, else id, name and birth date together. */
  readonly patientIdentity: string;
  /** Hash of family name and birth date, hex of 32 bytes: placeholders such as 999-99-9999 are the identifier of many people. */
  readonly patientPerson: string;
}

/** The marks of the bundle's Patient. */
export async function patientMarks(checked: CheckedBundle): Promise<PatientMarks> {
  const entry = checked.entries[checked.patient]!;
  const [identity, person] = await Promise.all([identityOf(entry), personOf(entry.resource)]);
  return { patientIdentity: identity, patientPerson: person };
}

/** The `patientPerson` of the Patient in an opened document who has this `patientIdentity`; undefined where it holds none. */
export async function personIn(document: JsonObject, patientIdentity: string): Promise<string | undefined> {
  for (const entry of objectsAt(document, "entry")) {
    const resource = objectAt(entry, "resource");
    if (resource?.resourceType !== "Patient") continue;
    if ((await identityOf({ fullUrl: textAt(entry, "fullUrl"), resource })) === patientIdentity) return personOf(resource);
  }
  return undefined;
}

/** Ids alone repeat between systems: FHIR's own examples are all called "example". */
function identityOf({ fullUrl, resource }: PatientEntry): Promise<string> {
  const identifier = objectsAt(resource, "identifier").find(({ system, value }) => isText(system) && isText(value));
  const identity: JsonValue =
    identifier !== undefined
      ? ["identifier", identifier.system!, identifier.value!]
      : fullUrl !== undefined
        ? ["fullUrl", fullUrl]
        : ["person", resource.id ?? null, resource.name ?? null, resource.birthDate ?? null];
  return contentHash(identity);
}

/** However the family name is typed: case, width and white space say nothing of who it is. */
function personOf(patient: JsonObject): Promise<string> {
  const name = calledBy(patient);
  const family = textAt(name, "family") ?? humanName(name);
  return contentHash([family?.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase() ?? null, patient.birthDate ?? null]);
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}
