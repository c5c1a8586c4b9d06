import type { ListedDocument } from "@galen/sdk/records/owned-documents";
import type { ChartDocument } from "../chart/chart.ts";

/** Of what a document is a statement, as the chart keeps it. */
export function statementOf(relation: ListedDocument["relation"]): Pick<ChartDocument, "statementOn"> {
  return relation.kind === "statementOn" ? { statementOn: relation.objectId } : {};
}
