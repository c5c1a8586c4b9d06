import type { OwnCompartments } from "@galen/gateway/reading/compartment-labels";
import type { ChartDocument } from "../chart/chart.ts";

interface Opened {
  readonly documents?: readonly ChartDocument[] | undefined;
  /** The labels of what does not open. */
  readonly unreadable?: readonly string[];
}

/** What labels are judged by. Where records do not open, the owner's own labels are left, which is less than was meant and never more. */
export function labelledBy(own: OwnCompartments, { documents = [], unreadable = [] }: Opened) {
  return { own, documents: documents.filter(hasLabel), unreadable };
}

function hasLabel(document: ChartDocument): document is ChartDocument & { readonly label: string } {
  return document.label !== undefined;
}
