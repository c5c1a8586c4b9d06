import { type JsonObject, objectAt, textAt } from "./json-value.ts";
import type { Primitive } from "./primitives.ts";

type DateKind = Primitive | "Period";
/** Names of elements with their kinds, the best first. */
type DateElements = Readonly<Record<string, DateKind>>;

const effective: DateElements = { effectiveDateTime: "dateTime", effectiveInstant: "instant", effectivePeriod: "Period" };

/** The elements that say when something happened. Only these are read, and only these are checked. */
const dateElements: Readonly<Record<string, DateElements>> = {
  AllergyIntolerance: { onsetDateTime: "dateTime", recordedDate: "dateTime" },
  CarePlan: { period: "Period", created: "dateTime" },
  Claim: { billablePeriod: "Period", created: "dateTime" },
  ClaimResponse: { created: "dateTime" },
  Composition: { date: "dateTime" },
  Condition: { onsetDateTime: "dateTime", onsetPeriod: "Period", recordedDate: "dateTime" },
  DiagnosticReport: { ...effective, issued: "instant" },
  DocumentReference: { date: "instant" },
  Encounter: { period: "Period" },
  ExplanationOfBenefit: { billablePeriod: "Period", created: "dateTime" },
  Goal: { startDate: "date" },
  ImagingStudy: { started: "dateTime" },
  Immunization: { occurrenceDateTime: "dateTime" },
  MedicationAdministration: effective,
  MedicationDispense: { whenHandedOver: "dateTime", whenPrepared: "dateTime" },
  MedicationRequest: { authoredOn: "dateTime" },
  MedicationStatement: { ...effective, dateAsserted: "dateTime" },
  Observation: { ...effective, issued: "instant" },
  Procedure: { performedDateTime: "dateTime", performedPeriod: "Period" },
  QuestionnaireResponse: { authored: "dateTime" },
  ServiceRequest: { authoredOn: "dateTime" },
};
const elementsOfType = new Map(Object.entries(dateElements).map(([type, elements]) => [type, Object.entries(elements)]));

function elementsOf(resource: JsonObject): readonly (readonly [name: string, kind: DateKind])[] {
  return elementsOfType.get(textAt(resource, "resourceType") ?? "") ?? [];
}

/** A date element of a resource that is to have a format: steps from the resource, value, format. */
export interface DateField {
  readonly steps: readonly string[];
  readonly value: JsonObject[string];
  readonly primitive: Primitive;
}

/** The date elements that the resource has; a Period gives its start and end. A Period that is no object is given as it is. */
export function dateFields(resource: JsonObject): readonly DateField[] {
  if (resource.resourceType === "Patient") return presentField(resource, ["birthDate"], "date");
  return elementsOf(resource).flatMap(([name, kind]) => {
    if (kind !== "Period") return presentField(resource, [name], kind);
    const period = objectAt(resource, name);
    if (period === undefined) return presentField(resource, [name], "dateTime");
    return [...presentField(period, [name, "start"], "dateTime"), ...presentField(period, [name, "end"], "dateTime")];
  });
}

function presentField(object: JsonObject, steps: readonly string[], primitive: Primitive): readonly DateField[] {
  const value = object[steps.at(-1) ?? ""];
  return value === undefined ? [] : [{ steps, value, primitive }];
}

/**
 * A moment (milliseconds since 1970) as FHIR's `instant` and `dateTime` write it, with the offset of where it is written: what it says before the `T` is
 * the writer's day.
 */
export function instantText(at: number): string {
  const offset = -new Date(at).getTimezoneOffset();
  if (offset === 0) return new Date(at).toISOString();
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.abs(offset);
  const local = new Date(at + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** First and last day as they were written (`2019`, `2019-03` or `2019-03-07`), without time or zone. */
export interface DayPeriod {
  readonly start: string;
  readonly end: string;
}

/** When the resource happened, by the best element that it has; undefined when it does not say. */
export function periodOf(resource: JsonObject): DayPeriod | undefined {
  const written = writtenPeriodOf(resource);
  return written && { start: written.start.slice(0, 10), end: written.end.slice(0, 10) };
}

function writtenPeriodOf(resource: JsonObject): DayPeriod | undefined {
  for (const [name, kind] of elementsOf(resource)) {
    const period = kind === "Period" ? objectAt(resource, name) : undefined;
    const start = period === undefined ? textAt(resource, name) : (textAt(period, "start") ?? textAt(period, "end"));
    if (start === undefined) continue;
    return { start, end: (period && textAt(period, "end")) ?? start };
  }
  return undefined;
}

/** FHIR R4 datatypes.html#dateTime allows leap seconds; JavaScript knows none. */
const LEAP_SECOND = /:60(?=[.Z+-])/;

/**
 * The moment from which the resource counts, in milliseconds since 1970, for putting resources in order; a day without a time, or with one that cannot be read,
 * counts from its beginning (UTC). Undefined when the resource does not say, or in no form of a date.
 */
export function momentOf(resource: JsonObject): number | undefined {
  const { start = "" } = writtenPeriodOf(resource) ?? {};
  return [start.replace(LEAP_SECOND, ":59"), start.slice(0, 10)].map((text) => Date.parse(text)).find((at) => !Number.isNaN(at));
}

/** The day from which the resource counts, or "". */
export function dayOf(resource: JsonObject): string {
  return periodOf(resource)?.start ?? "";
}

/** From the first day to the last of all the resources; undefined when none says when. */
export function spanOf(resources: readonly JsonObject[]): DayPeriod | undefined {
  const periods = resources.map(periodOf).filter((period) => period !== undefined);
  if (periods.length === 0) return undefined;
  return {
    start: periods.map((period) => period.start).reduce((a, b) => (b < a ? b : a)),
    end: periods.map((period) => period.end).reduce((a, b) => (b > a ? b : a)),
  };
}
