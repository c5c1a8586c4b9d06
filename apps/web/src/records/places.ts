import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { KnownObject } from "@galen/sdk/records/sealed-object";
import type { ChartDocument } from "../chart/chart.ts";

type Seen = Pick<ChartDocument, "objectId" | "compartment"> & { readonly label: string };
type OnFile = Pick<KnownObject, "objectId" | "policy" | "erasedAt">;

/**
 * Where a patient keeps documents of each area, as far as a reader can tell. What lies under a label opens for whoever was given any of it, and anybody may file
 * something under a label that it does not belong to; so a label counts for an area only if everything on file under it was opened and belongs there. Of
 * several the commonest counts.
 */
export function placesOf(opened: readonly Seen[], onFile: readonly OnFile[]): ReadonlyMap<Compartment, string> {
  const isOpen = new Set(opened.map(({ objectId }) => objectId));
  const shut = new Set(onFile.filter(({ objectId, erasedAt }) => !isOpen.has(objectId) && erasedAt === undefined).map(labelOf));
  const byLabel = [...Map.groupBy(opened, ({ label }) => label)].filter(([label]) => !shut.has(label));
  const pure = byLabel.filter(([, under]) => new Set(under.map(roomOf)).size === 1);
  const commonestFirst = pure.toSorted(([, a], [, b]) => b.length - a.length);
  const places = new Map<Compartment, string>();
  for (const [label, under] of commonestFirst) {
    for (const { compartment } of under) if (!places.has(compartment)) places.set(compartment, label);
  }
  return places;
}

function labelOf({ policy }: OnFile): string {
  return policy.compartment;
}

/** Medication lies with the visits where it has no place of its own. */
function roomOf({ compartment }: Seen): Compartment {
  return compartment === "medication" ? "general" : compartment;
}
