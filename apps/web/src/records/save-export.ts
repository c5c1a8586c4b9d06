import { writeJson } from "@galen/gateway/fhir/json-value";
import { mergeDocuments } from "@galen/gateway/fhir/merge";
import type { ChartDocument } from "../chart/chart.ts";

/** Saves documents as the one FHIR bundle from which they came, entry by entry. */
export function saveExport(documents: readonly ChartDocument[]): void {
  const bundle = mergeDocuments(documents.toReversed().map(({ content }) => content));
  saveFile("galen-records.json", writeJson(bundle, 2), "application/fhir+json");
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The download has begun by then; the bytes need not stay.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
