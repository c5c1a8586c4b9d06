import { mergeDocuments } from "@galen/gateway/fhir/merge";
import { writeReadable } from "@galen/gateway/fhir/readable-json";
import type { ChartDocument } from "../chart/chart.ts";
import { saveFile } from "./save-file.ts";

/** Saves documents as the one FHIR bundle from which they came, entry by entry. */
export function saveExport(documents: readonly ChartDocument[]): void {
  const bundle = mergeDocuments(documents.toReversed().map(({ content }) => content));
  saveFile("galen-records.json", [...writeReadable(bundle)], "application/fhir+json");
}
