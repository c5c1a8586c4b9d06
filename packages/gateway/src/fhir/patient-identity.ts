import type { CheckedBundle } from "./bundle.ts";
import { contentHash } from "./content-hash.ts";
import { type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { identityOf, personOf } from "./same-patient.ts";

/** By what a patient is recognised in another file; the same patient only if both are equal. */
export interface PatientMarks {
  /**
   * Hash of identifier or address: the first identifier with system and value that is no policy's number, else such a number with the first given name, else
   * the full address of the entry, else id, name and birth date together. Of a Patient without a name only such an identifier or an address that begins with
   * `urn:` counts; where there is none, the whole bundle does: the same file is the same patient, and no other is.
   */
  readonly patientIdentity: string;
  /** Hash of family name and birth date, hex of 32 bytes: placeholders such as 999-99-9999 are the identifier of many people. */
  readonly patientPerson: string;
}

/** The marks of the bundle's Patient. */
export async function patientMarks(checked: CheckedBundle): Promise<PatientMarks> {
  const entry = checked.entries[checked.patient]!;
  const identity = identityOf(entry) ?? ["bundle", checked.bundle];
  const [patientIdentity, patientPerson] = await Promise.all([contentHash(identity), contentHash(personOf(entry.resource))]);
  return { patientIdentity, patientPerson };
}

/** The `patientPerson` of the Patient in an opened document who has this `patientIdentity`; undefined where it holds none. */
export async function personIn(document: JsonObject, patientIdentity: string): Promise<string | undefined> {
  for (const entry of objectsAt(document, "entry")) {
    const resource = objectAt(entry, "resource");
    if (resource?.resourceType !== "Patient") continue;
    const identity = identityOf({ fullUrl: textAt(entry, "fullUrl"), resource });
    if (identity !== undefined && (await contentHash(identity)) === patientIdentity) return contentHash(personOf(resource));
  }
  return undefined;
}
