import { createReadStream, type Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type CheckedBundle, checkBundle, FhirRefusal, patientName, readJson, splitBundle } from "@galen/gateway";
import { type PatientMarks, patientMarks } from "@galen/gateway/fhir/patient-identity";
import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import { type WrittenDocument, writeDocuments } from "@galen/gateway/fhir/write-documents";
import { errors } from "../errors.ts";

/** All that will be sealed of a bundle that passed every check, and whose it is. Nothing of it is on file yet; of the bundle itself nothing stays in memory. */
export interface ReadyBundle extends PatientMarks {
  readonly resources: number;
  readonly documents: readonly WrittenDocument[];
  readonly patientName: string | undefined;
}

/**
 * The files that the user named, folders replaced by their .json files in the order of their names. What is not there, and a folder without such files, stays:
 * reading it is refused, as reading a broken file is, and the others go on.
 */
export async function bundleFiles(paths: readonly string[]): Promise<readonly string[]> {
  const listed = await Promise.all(paths.map(filesAt));
  return listed.flat();
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await isFolder(path))) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(".json")).sort();
  const named = names.map((name) => join(path, name));
  const areFolders = await Promise.all(named.map(isFolder));
  const files = named.filter((_, index) => !areFolders[index]);
  return files.length === 0 ? [path] : files;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/** Reads, checks and splits one file. Throws like `readCheckedFile`. */
export async function readBundleFile(file: string): Promise<ReadyBundle> {
  return readyBundle(await readCheckedFile(file), file);
}

/**
 * Reads and checks one file. Throws FhirRefusal with file, JSON path and reason, Refusal cli/NotFound, for a folder cli/NothingToImport, and what the system
 * has against reading it.
 */
export async function readCheckedFile(file: string): Promise<CheckedBundle> {
  const { size } = await statOf(file);
  // Before it is read: several files are in memory at a time, and of more than 2 GiB none can be.
  if (size > MAX_FILE_BYTES) throw new FhirRefusal("json/TooLarge", { file, path: "$" }, `${size} bytes, limit ${MAX_FILE_BYTES}`);
  return checkBundle(readJson(await readBounded(file), file), file);
}

/** A byte more than a file may have, at most: a pipe and a device tell no size, and may have no end. */
function readBounded(file: string): Promise<Uint8Array> {
  return buffer(createReadStream(file, { end: MAX_FILE_BYTES }));
}

async function statOf(file: string): Promise<Stats> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? errors.NotFound({ path: file }) : error;
  });
  if (found.isDirectory()) throw errors.NothingToImport({ path: file });
  return found;
}

/** A checked bundle, split; `file` is what it is called in messages. Throws FhirRefusal fhir/DocumentTooLarge. */
export async function readyBundle(checked: CheckedBundle, file: string): Promise<ReadyBundle> {
  const documents = await writeDocuments(await splitBundle(checked), file);
  if ("refusal" in documents) throw documents.refusal;
  return { resources: checked.entries.length, documents, patientName: patientName(checked), ...(await patientMarks(checked)) };
}
