import { type CheckedBundle, checkBundle } from "@galen/gateway/fhir/bundle";
import { oversizedDocument } from "@galen/gateway/fhir/document-size";
import { textAt } from "@galen/gateway/fhir/json-value";
import { type PatientMarks, patientMarks } from "@galen/gateway/fhir/patient-identity";
import { patientName } from "@galen/gateway/fhir/patient-name";
import { MAX_FILE_BYTES, readJson } from "@galen/gateway/fhir/read-json";
import { FhirRefusal } from "@galen/gateway/fhir/refusal";
import { type FhirDocument, splitBundle } from "@galen/gateway/fhir/split";

import type { FoundFile } from "./dropped-files.ts";

/** A file that passed every check, with all that will be sealed of it. Nothing of it was sent. */
export interface ReadyFile extends PatientMarks {
  readonly kind: "ready";
  readonly file: string;
  readonly documents: readonly FhirDocument[];
  readonly resources: number;
  /** As the file names the patient; for the eye, never for the ledger. */
  readonly patientName: string | undefined;
  readonly birthDate: string | undefined;
}

/** A file that cannot be filed: where in it, and why. */
export interface RefusedFile {
  readonly kind: "refused";
  readonly file: string;
  readonly refusal: FhirRefusal;
  /** Title of the document for which the file is refused, where it is one of several. */
  readonly document?: string;
}

/** Reads, checks and splits a file in this browser. */
export async function readBundleFile({ path: name, file }: FoundFile): Promise<ReadyFile | RefusedFile> {
  try {
    // What is too large is not even taken into memory.
    if (file.size > MAX_FILE_BYTES) throw new FhirRefusal("json/TooLarge", { file: name, path: "$" });
    const bytes = new Uint8Array(await file.arrayBuffer());
    return await readyFile(checkBundle(readJson(bytes, name), name), name);
  } catch (error) {
    if (error instanceof FhirRefusal) return { kind: "refused", file: name, refusal: error };
    throw error;
  }
}

async function readyFile(checked: CheckedBundle, file: string): Promise<ReadyFile | RefusedFile> {
  const [documents, marks] = await Promise.all([splitBundle(checked), patientMarks(checked)]);
  const oversized = await oversizedDocument(documents, file);
  if (oversized) return { kind: "refused", file, refusal: oversized.refusal, document: oversized.document.facts.title };
  return {
    kind: "ready",
    file,
    documents,
    resources: checked.entries.length,
    patientName: patientName(checked),
    birthDate: textAt(checked.entries[checked.patient]?.resource, "birthDate"),
    ...marks,
  };
}

/** All files of one patient. */
export interface PatientFiles {
  readonly identity: string;
  readonly name: string | undefined;
  readonly birthDate: string | undefined;
  /** Whether files name another person with the same identifier, which is a placeholder or a mistake. */
  readonly sharesIdentifier: boolean;
  readonly files: readonly ReadyFile[];
  /** Each once, whichever files bring it. */
  readonly documents: readonly FhirDocument[];
}

/** Equal for files of the same patient. */
export function patientOf({ patientIdentity, patientPerson }: PatientMarks): string {
  return `${patientIdentity}/${patientPerson}`;
}

/** The files of each patient. An identifier alone makes nobody the same patient: family name and birth date agree too. */
export function filesByPatient(files: readonly ReadyFile[]): readonly PatientFiles[] {
  const groups = [...Map.groupBy(files, patientOf)];
  const people = Map.groupBy(groups, ([, [file]]) => file!.patientIdentity);
  return groups.map(([identity, own]) => {
    const documents = new Map(own.flatMap((file) => file.documents.map((document) => [document.key, document])));
    const [{ patientName: name, birthDate, patientIdentity }] = own as [ReadyFile, ...ReadyFile[]];
    const sharesIdentifier = people.get(patientIdentity)!.length > 1;
    return { identity, name, birthDate, sharesIdentifier, files: own, documents: [...documents.values()] };
  });
}
