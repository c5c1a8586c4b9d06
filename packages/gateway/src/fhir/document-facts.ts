import { type Compartment, suggestCompartment } from "./compartment.ts";
import { type DayPeriod, periodOf, spanOf } from "./dates.ts";
import { type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { conceptText, plainText } from "./plain-text.ts";

export interface DocumentFacts {
  /** What the author is offered; see `suggestCompartment`. */
  readonly compartment: Compartment;
  /** Of the encounter, else from the first to the last day of all resources; undefined when none says when. */
  readonly period: DayPeriod | undefined;
  /** One line, at most 120 characters. */
  readonly title: string;
  /** Number of resources by type, in the order of first appearance. */
  readonly counts: Readonly<Record<string, number>>;
}

const MAX_TITLE_LENGTH = 120;

/** The facts of a document, drawn from its content alone. */
export function describeDocument(document: JsonObject): DocumentFacts {
  const resources = resourcesOf(document);
  const encounters = resources.filter((resource) => resource.resourceType === "Encounter");
  const encounter = encounters.length === 1 ? encounters[0] : undefined;
  return {
    compartment: suggestCompartment(resources, objectAt(document, "meta")),
    period: (encounter && periodOf(encounter)) ?? spanOf(resources),
    title: titleOf(resources, encounter),
    counts: countTypes(resources),
  };
}

/** The resources of a bundle in their order. */
export function resourcesOf(bundle: JsonObject): readonly JsonObject[] {
  return objectsAt(bundle, "entry")
    .map((entry) => objectAt(entry, "resource"))
    .filter((resource) => resource !== undefined);
}

function titleOf(resources: readonly JsonObject[], encounter: JsonObject | undefined): string {
  const composition = resources.find((resource) => resource.resourceType === "Composition");
  const composed = composition && textAt(composition, "title");
  if (composed !== undefined) return plainText(composed, MAX_TITLE_LENGTH);
  if (encounter === undefined) return plainText(`General: ${Object.keys(countTypes(resources)).join(", ")}`, MAX_TITLE_LENGTH);
  const reason = conceptText(objectsAt(encounter, "reasonCode")[0]);
  const visit = conceptText(objectsAt(encounter, "type")[0]) ?? "Encounter";
  return plainText(reason === undefined ? visit : `${visit}: ${reason}`, MAX_TITLE_LENGTH);
}

/** How many resources there are of each type, in the order of first appearance. */
export function countTypes(resources: readonly JsonObject[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const type = textAt(resource, "resourceType") ?? "";
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
