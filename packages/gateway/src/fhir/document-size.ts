import { isSealable } from "@galen/sdk/records/seal-document";
import { writeJson } from "./json-value.ts";
import { MAX_FILE_BYTES } from "./read-json.ts";
import { FhirRefusal, jsonPath } from "./refusal.ts";
import { unmarkDocument } from "./source-mark.ts";
import type { FhirDocument } from "./split.ts";

export interface OversizedDocument {
  readonly document: FhirDocument;
  /** `fhir/DocumentTooLarge`, at the largest entry of the document. */
  readonly refusal: FhirRefusal;
}

/**
 * The first document that cannot be sealed, or not be read again by `readJson`: known while its file is checked, before anything of it is written.
 *
 * @param file name of the file, for the refusal
 */
export async function oversizedDocument(documents: readonly FhirDocument[], file: string): Promise<OversizedDocument | undefined> {
  // One after the other, so that only one large text is in memory.
  for (const document of documents) {
    const text = writeJson(document.bundle);
    if (text.length <= MAX_FILE_BYTES && (await isSealable(text))) continue;
    return { document, refusal: refusalAt(document, text.length, file) };
  }
  return undefined;
}

function refusalAt({ bundle }: FhirDocument, sizeBytes: number, file: string): FhirRefusal {
  const sizes = unmarkDocument(bundle).entries.map(({ position, entry }) => ({ position, entryBytes: writeJson(entry).length }));
  const { position, entryBytes } = sizes.reduce((largest, one) => (one.entryBytes > largest.entryBytes ? one : largest));
  const place = { file, path: jsonPath(["entry", position]) };
  return new FhirRefusal("fhir/DocumentTooLarge", place, `${entryBytes} of its ${sizeBytes} bytes before sealing`);
}
