import { writeJson } from "@galen/gateway/fhir/json-value";
import { mergeDocuments } from "@galen/gateway/fhir/merge";
import type { ChartDocument } from "../chart/chart.ts";
import { saveFile } from "./save-file.ts";

/** Saves documents as the one FHIR bundle from which they came, entry by entry. */
export function saveExport(documents: readonly ChartDocument[]): void {
  const bundle = mergeDocuments(documents.toReversed().map(({ content }) => content));
  saveFile("galen-records.json", writeJson(bundle, 2), "application/fhir+json");
}
