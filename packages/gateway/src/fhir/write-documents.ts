import { isSealable } from "@galen/sdk/records/seal-document";
import { writeJson } from "./json-value.ts";
import { MAX_FILE_BYTES } from "./read-json.ts";
import { FhirRefusal, jsonPath } from "./refusal.ts";
import { unmarkDocument } from "./source-mark.ts";
import type { FhirDocument } from "./split.ts";

/** A document as it will be sealed. */
export interface WrittenDocument extends Omit<FhirDocument, "bundle"> {
  readonly plaintext: Uint8Array;
}

/** A document that cannot be sealed, or not be read again by `readJson`. */
export interface OversizedDocument {
  readonly document: FhirDocument;
  /** `fhir/DocumentTooLarge`, at the largest entry of the document. */
  readonly refusal: FhirRefusal;
}

/**
 * Writes the documents of a file, or gives the first that is too large: known while the file is checked, before anything of it is on file.
 *
 * @param file name of the file, for the refusal
 */
export async function writeDocuments(
  documents: readonly FhirDocument[],
  file: string,
): Promise<readonly WrittenDocument[] | OversizedDocument> {
  const written: WrittenDocument[] = [];
  for (const document of documents) {
    const { bundle, ...rest } = document;
    const plaintext = writeJson(bundle);
    if (plaintext.length > MAX_FILE_BYTES || !(await isSealable(plaintext))) {
      return { document, refusal: refusalAt(document, plaintext.length, file) };
    }
    written.push({ ...rest, plaintext });
  }
  return written;
}

function refusalAt({ bundle }: FhirDocument, sizeBytes: number, file: string): FhirRefusal {
  const sizes = unmarkDocument(bundle).entries.map(({ position, entry }) => ({ position, entryBytes: writeJson(entry).length }));
  const { position, entryBytes } = sizes.reduce((largest, one) => (one.entryBytes > largest.entryBytes ? one : largest));
  const place = { file, path: jsonPath(["entry", position]) };
  return new FhirRefusal("fhir/DocumentTooLarge", place, `${entryBytes} of its ${sizeBytes} bytes before sealing`);
}
