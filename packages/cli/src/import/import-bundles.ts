import { FhirRefusal } from "@galen/gateway";
import { Refusal } from "@galen/ledger/app/refusal";
import type { Client } from "@galen/sdk/client/client";
import { clientErrors, GalenError } from "@galen/sdk/client/galen-error";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { type FileOptions, type Filing, fileDocuments, fileNewDocuments } from "@galen/sdk/records/file-documents";
import { deriveObjectId } from "@galen/sdk/records/object-id";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import type { Session } from "../session.ts";
import { type Failure, failureOf, isSystemError } from "../terminal/failure.ts";
import type { Author } from "./author.ts";
import type { ReadyBundle } from "./bundle-files.ts";
import { createPatients, type Patient } from "./patients.ts";

/** What became of one file. */
export interface ImportedFile {
  readonly file: string;
  readonly patient: string;
  readonly account: string;
  /** Another patient of the wallet who has the same identifier, but another family name or birth date, by name. */
  readonly sharesIdentifierWith?: string;
  readonly resources: number;
  readonly documents: number;
  /** Documents that this run has put on file; the others were there. */
  readonly filed: number;
  /** Documents that were there and that their owner has erased. */
  readonly erased: number;
}

export interface RefusedFile extends Failure {
  readonly file: string;
}

export interface ImportResult {
  readonly files: readonly ImportedFile[];
  /** Files that cannot be imported; nothing of them was written. */
  readonly refused: readonly RefusedFile[];
  /** Documents that this run has put on file, those of files that it did not finish included. */
  readonly filed: number;
}

export interface ImportOptions {
  readonly author: Author;
  readonly files: readonly string[];
  readonly read: (file: string) => Promise<ReadyBundle>;
  readonly onProgress?: (done: number, total: number, file: string) => void;
  /** Ends the run after the files that it has begun. */
  readonly signal?: AbortSignal;
}

/** Reading and sealing of one file go on while others wait for the node's disk; of a waiting file its documents are in memory. */
const PARALLEL_FILES = 10;

/**
 * Imports bundles: each Patient becomes an account with keys in the wallet, each document is sealed to it. What is on file is left as it is, so a
 * run that was broken off is finished by running it again. A broken file is refused before anything of it is written; the others go on. Rejects with what
 * broke it off.
 */
export async function importBundles(session: Session, options: ImportOptions): Promise<ImportResult> {
  const { failures, ...result } = await importUntilFailure(session, options);
  if (failures.length > 0) throw failures[0];
  return result;
}

/** Like `importBundles`, for whoever tells what was done until something broke it off: `failures` says what, the first one first. */
export async function importUntilFailure(
  session: Session,
  { author, files, read, onProgress, signal }: ImportOptions,
): Promise<ImportResult & { readonly failures: readonly unknown[] }> {
  const findPatient = createPatients(session);
  const results: (ImportedFile | RefusedFile)[] = [];
  const failures: unknown[] = [];
  const queue = files.entries();
  let [done, filed] = [0, 0];
  const onFiled = ({ length }: readonly string[]) => {
    filed += length;
  };
  const work = async () => {
    for (const [index, file] of queue) {
      if (failures.length > 0 || signal?.aborted) return;
      try {
        results[index] = await importFile(session, { author, file, read, findPatient, onFiled });
      } catch (error) {
        failures.push(error);
        return;
      }
      done += 1;
      onProgress?.(done, files.length, file);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_FILES }, work));
  return { files: results.filter((one) => "patient" in one), refused: results.filter((one) => "id" in one), filed, failures };
}

interface FileImport extends Pick<ImportOptions, "author" | "read"> {
  readonly file: string;
  readonly findPatient: (bundle: ReadyBundle) => Promise<Patient>;
  /** Hears of documents as they come on file. */
  readonly onFiled: (objectIds: readonly string[]) => void;
}

async function importFile(
  { client }: Session,
  { author, file, read, findPatient, onFiled }: FileImport,
): Promise<ImportedFile | RefusedFile> {
  const bundle = await readUnlessRefused(file, read);
  if ("id" in bundle) return bundle;
  const patient = await findPatient(bundle);
  const documents = bundle.documents.map(({ key, plaintext, facts }): NewDocument => {
    return {
      objectId: objectIdOf(patient, key),
      plaintext,
      owner: patient.account,
      compartment: compartmentLabel(patient.keys.compartmentKey, facts.compartment),
    };
  });
  const filing = await fileUnlessRefused(client, patient, { ...author, documents, onFiled });
  if ("id" in filing) return { file, ...filing };
  const { filed, erased } = filing;
  return {
    file,
    patient: patient.name,
    account: patient.account,
    ...(patient.sharesIdentifierWith !== undefined && { sharesIdentifierWith: patient.sharesIdentifierWith }),
    resources: bundle.resources,
    documents: documents.length,
    filed: filed.length,
    erased: erased.length,
  };
}

/** The documents of one patient; a patient whose account takes none keeps nobody else from theirs. */
async function fileUnlessRefused(
  client: Client,
  { isNew }: Patient,
  filing: FileOptions,
): Promise<Pick<Filing, "filed" | "erased"> | Failure> {
  try {
    return isNew ? { filed: await fileNewDocuments(client, filing), erased: [] } : await fileDocuments(client, filing);
  } catch (error) {
    if (error instanceof GalenError && error.id === clientErrors.UnusableRecordKey.kind.id) return failureOf(error);
    throw error;
  }
}

/** Follows from the content and a secret of the patient: whoever imports the document again finds it on file, and nobody else can guess the id. */
function objectIdOf({ account, keys }: Patient, documentKey: string): string {
  return deriveObjectId(keys.compartmentKey, `${account}/${documentKey}`);
}

async function readUnlessRefused(file: string, read: ImportOptions["read"]): Promise<ReadyBundle | RefusedFile> {
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof FhirRefusal || error instanceof Refusal || isSystemError(error)) return { file, ...failureOf(error) };
    throw error;
  }
}
