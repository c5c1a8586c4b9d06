import { type CheckedBundle, checkBundle } from "@galen/gateway/fhir/bundle";
import { textAt } from "@galen/gateway/fhir/json-value";
import { type PatientMarks, patientMarks } from "@galen/gateway/fhir/patient-identity";
import { patientName } from "@galen/gateway/fhir/patient-name";
import { MAX_FILE_BYTES, readJson } from "@galen/gateway/fhir/read-json";
import { FhirRefusal } from "@galen/gateway/fhir/refusal";
import { splitBundle } from "@galen/gateway/fhir/split";
import { type WrittenDocument, writeDocuments } from "@galen/gateway/fhir/write-documents";

import type { FoundFile } from "./dropped-files.ts";

/** Which file it is. */
interface Origin {
  /** What it is called here: its path, with a number where another file has the same. */
  readonly file: string;
  readonly path: string;
  /** Equal for equal content. */
  readonly version: string;
}

/** A file that passed every check, with all that will be sealed of it. Nothing of it was sent. */
export interface ReadyFile extends Origin, PatientMarks {
  readonly kind: "ready";
  readonly documents: readonly WrittenDocument[];
  readonly resources: number;
  /** As the file names the patient; for the eye, never for the ledger. */
  readonly patientName: string | undefined;
  readonly birthDate: string | undefined;
}

/** A file that cannot be filed: where in it, and why. */
export interface RefusedFile extends Origin {
  readonly kind: "refused";
  readonly refusal: FhirRefusal;
  /** Title of the document for which the file is refused, where it is one of several. */
  readonly document?: string;
}

/** Reads, checks and splits a file in this browser. */
export async function readBundleFile({ path, file }: FoundFile): Promise<ReadyFile | RefusedFile> {
  // What is too large is not even taken into memory.
  const bytes = file.size > MAX_FILE_BYTES ? undefined : new Uint8Array(await file.arrayBuffer());
  const origin = { file: path, path, version: bytes ? await hashOf(bytes) : "" };
  try {
    if (!bytes) throw new FhirRefusal("json/TooLarge", { file: path, path: "$" });
    return await readyFile(checkBundle(readJson(bytes, path), path), origin);
  } catch (error) {
    if (error instanceof FhirRefusal) return { kind: "refused", ...origin, refusal: error };
    throw error;
  }
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).join();
}

async function readyFile(checked: CheckedBundle, origin: Origin): Promise<ReadyFile | RefusedFile> {
  const [split, marks] = await Promise.all([splitBundle(checked), patientMarks(checked)]);
  const documents = await writeDocuments(split, origin.file);
  if ("refusal" in documents) return { kind: "refused", ...origin, refusal: documents.refusal, document: documents.document.facts.title };
  return {
    kind: "ready",
    ...origin,
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
  readonly documents: readonly WrittenDocument[];
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
