import type { Compartment, JsonObject } from "@galen/gateway";
import { dayOf, momentOf } from "@galen/gateway/fhir/dates";
import { type Doubt, doubtOf } from "@galen/gateway/fhir/doubt";
import { objectAt, objectsAt, textAt } from "@galen/gateway/fhir/json-value";
import { type MedicineOf, medicinesIn } from "@galen/gateway/fhir/medicine";
import { negationOf } from "@galen/gateway/fhir/negation";
import { conceptText, plainText } from "@galen/gateway/fhir/plain-text";
import { standingResources } from "@galen/gateway/fhir/retraction";

/** A sealed document after opening, as a desk shows it. */
export interface ChartDocument {
  readonly objectId: string;
  readonly title: string;
  /** `2025-11-30`, or undefined where the document does not say. */
  readonly day: string | undefined;
  readonly compartment: Compartment;
  /** The label under which the ledger has it; undefined where it was not asked for. */
  readonly label?: string;
  readonly author: string;
  /** The house in whose name the author wrote; undefined where it was not asked for. */
  readonly organisation?: string | undefined;
  /** The earlier document on which the ledger has it as a statement. */
  readonly statementOn?: string;
  readonly content: JsonObject;
}

/** Something that was found, given or done; the words are the author's. */
export interface Finding {
  /** Empty where it is a medicine that the document does not name. */
  readonly name: string;
  readonly day: string | undefined;
  /** FHIR's own word: `active`, `resolved`, `completed` …; where it is negated, how. */
  readonly status: string | undefined;
  /** Has not happened, or shall not. */
  readonly isNegated: boolean;
  /** Where its author only thinks it to be so. */
  readonly doubt: Doubt | undefined;
  readonly detail: string | undefined;
  readonly objectId: string;
}

export type FindingKind = "allergies" | "medication" | "conditions" | "procedures" | "vaccinations" | "images";

/** What a set of documents says of a person. */
export interface Chart extends Readonly<Record<FindingKind, readonly Finding[]>> {
  /** Newest first. */
  readonly documents: readonly ChartDocument[];
}

/** A chart of all that could be opened. */
export interface OpenedChart extends Chart {
  /** The label of each document that does not open, or is none of FHIR. */
  readonly unreadable: readonly string[];
}

interface FindingSource {
  readonly kind: FindingKind;
  readonly name: (resource: JsonObject, medicineOf: MedicineOf) => string | undefined;
  readonly status: (resource: JsonObject) => string | undefined;
  readonly detail?: (resource: JsonObject) => string | undefined;
}

/** A name stands in a list beside others, whatever its author wrote into it; a pack's may name every ingredient, and each can be one that somebody is allergic to. */
const MAX_NAME_LENGTH = 1_000;

const concept = (field: string) => (resource: JsonObject) => conceptText(objectsAt(resource, field)[0]);
const code = (field: string) => (resource: JsonObject) => textAt(objectsAt(objectsAt(resource, field)[0], "coding")[0], "code");
const text = (field: string) => (resource: JsonObject) => textAt(resource, field);

/** Somebody takes it, whether or not the document says what it is. */
const medicine = (resource: JsonObject, medicineOf: MedicineOf) => conceptText(medicineOf(resource)) ?? "";

/** Which resources are findings, and where they keep their words. */
const sources: ReadonlyMap<string, FindingSource> = new Map(
  Object.entries<FindingSource>({
    AllergyIntolerance: { kind: "allergies", name: concept("code"), status: code("clinicalStatus"), detail: text("criticality") },
    MedicationRequest: { kind: "medication", name: medicine, status: text("status"), detail: doseOf },
    MedicationStatement: { kind: "medication", name: medicine, status: text("status"), detail: doseOf },
    Condition: { kind: "conditions", name: concept("code"), status: code("clinicalStatus") },
    Procedure: { kind: "procedures", name: concept("code"), status: text("status") },
    Immunization: { kind: "vaccinations", name: concept("vaccineCode"), status: text("status") },
    ImagingStudy: { kind: "images", name: (r) => concept("procedureCode")(r) ?? textAt(r, "description"), status: text("status") },
  }),
);

function doseOf(resource: JsonObject): string | undefined {
  return textAt(objectsAt(resource, "dosageInstruction")[0] ?? objectAt(resource, "dosage"), "text");
}

/** Reads the chart out of opened documents; what their authors have taken back is not in it. */
export function readChart(documents: readonly ChartDocument[]): Chart {
  const found: Record<FindingKind, Finding[]> = {
    allergies: [],
    medication: [],
    conditions: [],
    procedures: [],
    vaccinations: [],
    images: [],
  };
  const moments = new Map<Finding, number>();
  for (const { objectId, content } of documents) {
    const medicineOf = medicinesIn(content);
    for (const resource of standingResources(content)) {
      const source = sources.get(textAt(resource, "resourceType") ?? "");
      const name = source?.name(resource, medicineOf);
      if (source === undefined || name === undefined) continue;
      const negation = negationOf(resource);
      const finding = {
        name: plainText(name, MAX_NAME_LENGTH),
        day: dayOf(resource) || undefined,
        status: negation ?? source.status(resource),
        isNegated: negation !== undefined,
        doubt: doubtOf(resource),
        detail: source.detail?.(resource),
        objectId,
      };
      found[source.kind].push(finding);
      moments.set(finding, momentOf(resource) ?? Number.MIN_SAFE_INTEGER);
    }
  }
  // Of two entries of one day the later one tells how things stand.
  for (const list of Object.values(found)) list.sort((a, b) => moments.get(b)! - moments.get(a)!);
  const newestFirst = (a: ChartDocument, b: ChartDocument) => (b.day ?? "").localeCompare(a.day ?? "");
  return { ...found, documents: documents.toSorted(newestFirst) };
}

/** The same thing found again counts once, by its latest entry; what has no name may be another thing each time. */
export function latestByName(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ name }) => {
    const isNew = name === "" || !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

/** What holds no more, or not yet, by FHIR's words. */
const notInForce: readonly (string | undefined)[] = ["resolved", "inactive", "remission", "stopped", "completed", "draft"];

/** What holds now, or may: each thing by its latest entry, also with a word of status that is not known here. */
export function inForce(findings: readonly Finding[]): readonly Finding[] {
  return latestByName(findings).filter(({ status, isNegated }) => !isNegated && !notInForce.includes(status));
}
