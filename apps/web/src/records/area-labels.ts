import { COMPARTMENTS, type Compartment } from "@galen/gateway/fhir/compartment";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { useQuery } from "@tanstack/react-query";
import type { Chart, ChartDocument } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";

/** The labels under which the ledger knows areas of somebody's records. An area without one cannot be named from here. */
export type AreaLabels = ReadonlyMap<Compartment, readonly string[]>;

/** Labels that follow from the owner's key. */
export function keyedAreaLabels({ keys }: Pick<OwnAccount, "keys">): AreaLabels {
  return new Map(COMPARTMENTS.map((area) => [area, [compartmentLabel(keys.compartmentKey, area)]]));
}

/**
 * Labels as opened documents show them, for whoever lacks the key by which they were made: one for each area, that of most documents. A label under which
 * documents of different areas lie names none, so that nobody opens a sensitive area by filing something harmless under its label.
 */
export function learnedAreaLabels(documents: readonly Pick<ChartDocument, "label" | "compartment">[]): AreaLabels {
  const found = new Map<Compartment, { readonly label: string; readonly count: number }>();
  for (const [label, same] of Map.groupBy(documents, (document) => document.label)) {
    const [area, other] = [...new Set(same.map(({ compartment }) => compartment))];
    if (label === undefined || area === undefined || area === "another" || other !== undefined) continue;
    if (same.length > (found.get(area)?.count ?? 0)) found.set(area, { label, count: same.length });
  }
  return new Map([...found].map(([area, { label }]) => [area, [label]]));
}

/** Both: what lies under the present key's labels, and what lies under those of the keys before. */
export function joinAreaLabels(first: AreaLabels, second: AreaLabels): AreaLabels {
  const areas = COMPARTMENTS.filter((area) => first.has(area) || second.has(area));
  return new Map(areas.map((area) => [area, [...new Set([...(first.get(area) ?? []), ...(second.get(area) ?? [])])]]));
}

/** Labels of the areas that were chosen. */
export function labelsOf(labels: AreaLabels, areas: readonly Compartment[]): string[] {
  return areas.flatMap((area) => labels.get(area) ?? []);
}

/** The documents of an owner that are open in this tab: one's own, or those of somebody for whom one acts. */
export function useOpenedDocuments(owner: string): readonly ChartDocument[] | undefined {
  const { own } = usePerson();
  const queryKey = [owner === own.account ? "own-chart" : "read-chart", owner];
  return useQuery<Chart>({ queryKey, enabled: false }).data?.documents;
}

/** How areas of an owner's records are named here: by the own key, and by what is open where that key did not make the labels. */
export function useAreaLabels(owner: string): AreaLabels {
  const { own, saved } = usePerson();
  const documents = useOpenedDocuments(owner) ?? [];
  if (owner !== own.account) return learnedAreaLabels(documents);
  return saved.givenKeys ? joinAreaLabels(keyedAreaLabels(own), learnedAreaLabels(documents)) : keyedAreaLabels(own);
}
