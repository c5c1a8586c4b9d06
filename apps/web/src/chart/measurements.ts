import type { JsonObject } from "@galen/gateway";
import { dayOf, momentOf } from "@galen/gateway/fhir/dates";
import { numberTextAt, objectAt, objectsAt, textAt } from "@galen/gateway/fhir/json-value";
import { negationOf } from "@galen/gateway/fhir/negation";
import { conceptText, plainText, quantityDigits } from "@galen/gateway/fhir/plain-text";
import { standingResources } from "@galen/gateway/fhir/retraction";

/** A value on a day. */
export interface Reading {
  readonly day: string;
  /** Milliseconds since 1970: of several readings on one day, which was first. */
  readonly at: number;
  readonly value: number;
  /** FHIR's sign, such as `<`, where the method does not measure as far as the true value. */
  readonly comparator: string | undefined;
  /** The digits as they were measured, with the sign of what could not be: `<20`. */
  readonly digits: string;
  readonly objectId: string;
}

/** One thing measured again and again, such as haemoglobin A1c, in one unit. */
export interface Measurement {
  /** Code and unit: values in different units are different series. */
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** Oldest first. */
  readonly readings: readonly Reading[];
  /** What the laboratory calls normal, where the latest result says so. */
  readonly normal: { readonly low?: number | undefined; readonly high?: number | undefined } | undefined;
  readonly isLaboratory: boolean;
}

interface Found extends Reading {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly normal: Measurement["normal"];
  readonly isLaboratory: boolean;
}

/** Names, digits and units stand beside each other, whatever their author wrote into them. */
const MAX_NAME_LENGTH = 200;
const MAX_VALUE_LENGTH = 40;

/** All measured series in the documents, those with most readings first. */
export function measurementsIn(documents: readonly { readonly objectId: string; readonly content: JsonObject }[]): readonly Measurement[] {
  const found = documents.flatMap(({ objectId, content }) => {
    const observations = standingResources(content).filter((resource) => textAt(resource, "resourceType") === "Observation");
    return observations.filter((observation) => !negationOf(observation)).flatMap((observation) => valuesIn(observation, objectId));
  });
  const series = Map.groupBy(found, ({ id }) => id).values();
  return [...series].map(measurementOf).sort((a, b) => b.readings.length - a.readings.length || a.name.localeCompare(b.name));
}

function measurementOf(found: readonly Found[]): Measurement {
  const inOrder = found.toSorted((a, b) => a.at - b.at);
  const { id, name, unit, normal, isLaboratory } = inOrder.at(-1)!;
  return { id, name, unit, normal, isLaboratory, readings: inOrder };
}

/** The value of an Observation, or those of its components, as with blood pressure. */
function valuesIn(observation: JsonObject, objectId: string): readonly Found[] {
  const day = dayOf(observation);
  const at = momentOf(observation);
  if (at === undefined) return [];
  const isLaboratory = objectsAt(observation, "category").some((category) =>
    objectsAt(category, "coding").some((coding) => textAt(coding, "code") === "laboratory"),
  );
  const parts = [observation, ...objectsAt(observation, "component")];
  return parts.flatMap((part) => quantityIn(part, { day, at, objectId, isLaboratory }) ?? []);
}

function quantityIn(part: JsonObject, place: Pick<Found, "day" | "at" | "objectId" | "isLaboratory">): Found | undefined {
  const quantity = objectAt(part, "valueQuantity");
  const digits = quantityDigits(quantity);
  const concept = objectsAt(part, "code")[0];
  const words = conceptText(concept);
  if (digits === undefined || words === undefined) return undefined;
  const name = plainText(words, MAX_NAME_LENGTH);
  const unit = plainText(unitWords(textAt(quantity, "unit") ?? textAt(quantity, "code") ?? ""), MAX_VALUE_LENGTH);
  const id = `${textAt(objectsAt(concept, "coding")[0], "code") ?? name} ${unit}`;
  return {
    ...place,
    id,
    name: shortName(name),
    unit,
    digits: plainText(digits, MAX_VALUE_LENGTH),
    value: Number(numberTextAt(quantity, "value")),
    comparator: textAt(quantity, "comparator"),
    normal: normalOf(part),
  };
}

/** On which side of normal a reading lies, as far as it tells: what is below 20 may be anything below it. */
export function sideOf({ value, comparator }: Reading, normal: Measurement["normal"]): "above" | "below" | undefined {
  const { low = -Infinity, high = Infinity } = normal ?? {};
  const isAbove = value > high || (value === high && comparator === ">");
  const isBelow = value < low || (value === low && comparator === "<");
  if (isAbove && !comparator?.startsWith("<")) return "above";
  return isBelow && !comparator?.startsWith(">") ? "below" : undefined;
}

function normalOf(part: JsonObject): Measurement["normal"] {
  const range = objectsAt(part, "referenceRange")[0];
  const [low, high] = ["low", "high"].map((end) => numberTextAt(objectAt(range, end), "value"));
  if (low === undefined && high === undefined) return undefined;
  return { low: low === undefined ? undefined : Number(low), high: high === undefined ? undefined : Number(high) };
}

/** LOINC's names say how it was measured; a patient asks what. */
function shortName(name: string): string {
  return (
    name
      .replace(/\s*\[[^\]]*\]/gu, "")
      .replace(/\s+in (?:Serum or Plasma|Blood|Arterial blood)\b.*$/u, "")
      .trim() || name
  );
}

/** UCUM as people write it. */
const units: ReadonlyMap<string, string> = new Map([
  ["/min", "1/min"],
  ["{score}", ""],
  ["Cel", "°C"],
  ["mm[Hg]", "mmHg"],
  ["kg/m2", "kg/m²"],
]);

function unitWords(unit: string): string {
  return units.get(unit) ?? unit;
}
