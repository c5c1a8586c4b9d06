import { type JsonObject, objectAt, objectsAt, textAt } from "../fhir/json-value.ts";
import { standingResources } from "../fhir/retraction.ts";

/** A document of a record, with who filed it by the proof of the ledger, whatever it says of itself. */
export interface FiledContent {
  readonly content: JsonObject;
  readonly author: string;
  /** The house in whose name the author wrote. */
  readonly organisation?: string | undefined;
}

/** For whom a card is, and whose word it will be. */
export interface CardParties {
  readonly house: string;
  readonly patient: string;
}

/** Who filed something, seen from the issuing house: `patient` also where the patient belongs to its staff. */
export type FiledBy = "house" | "other" | "patient";

/** What could go on a card, and who filed it: a house signs for what it puts there. */
export interface CardEntry {
  readonly resource: JsonObject;
  /** Equal for those of which a card says the same. */
  readonly saying: string;
  readonly author: string;
  readonly organisation: string | undefined;
  readonly filedBy: FiledBy;
}

/** What the documents of a record have for a card. What several have filed alike stands here once, as the house's if it is one of them. */
export interface CardContents {
  /** Whom they name, each once: more than one is a question for whoever issues. */
  readonly patients: readonly CardEntry[];
  /** Completed immunizations, the newest first, what says the same once. */
  readonly immunizations: readonly CardEntry[];
}

/** In this order one counts for what several have filed. */
const RANKS: readonly FiledBy[] = ["house", "other", "patient"];

/** Gathers what can go on a card from the documents of one owner. */
export function cardContents(documents: readonly FiledContent[], parties: CardParties): CardContents {
  const entries = documents
    .flatMap((document) => entriesOf(document, parties))
    .toSorted((a, b) => RANKS.indexOf(a.filedBy) - RANKS.indexOf(b.filedBy));
  const ofType = (type: string) => distinct(entries.filter(({ resource }) => textAt(resource, "resourceType") === type));
  return {
    patients: ofType("Patient"),
    immunizations: ofType("Immunization").toSorted((a, b) => dayOf(b.resource).localeCompare(dayOf(a.resource))),
  };
}

function entriesOf({ content, author, organisation }: FiledContent, { house, patient }: CardParties): readonly CardEntry[] {
  const filedBy = author === patient ? "patient" : (organisation ?? author) === house ? "house" : "other";
  return standingResources(content).flatMap((resource) => {
    const saying = sayingOf(resource);
    return saying === undefined ? [] : [{ resource, saying, author, organisation, filedBy }];
  });
}

/** What a card says of a resource; undefined where it is none for a card. */
function sayingOf(resource: JsonObject): string | undefined {
  const type = textAt(resource, "resourceType");
  if (type === "Patient") return objectsAt(resource, "name").length > 0 ? identityOf(resource) : undefined;
  return type === "Immunization" && isDone(resource) ? vaccinationOf(resource) : undefined;
}

/** Name and day of birth, which is what a card compares with an identity card. */
function identityOf(patient: JsonObject): string {
  const { family, given } = objectsAt(patient, "name")[0]!;
  return JSON.stringify([family, given, patient.birthDate]);
}

function isDone(immunization: JsonObject): boolean {
  return textAt(immunization, "status") === "completed" && codesOf(immunization) !== "";
}

/** Codes, day and lot. */
function vaccinationOf(immunization: JsonObject): string {
  return `${codesOf(immunization)} ${dayOf(immunization)} ${textAt(immunization, "lotNumber") ?? ""}`;
}

function codesOf(immunization: JsonObject): string {
  return objectsAt(objectAt(immunization, "vaccineCode"), "coding")
    .map((coding) => `${textAt(coding, "system") ?? ""}|${textAt(coding, "code") ?? ""}`)
    .join();
}

function dayOf(immunization: JsonObject): string {
  return textAt(immunization, "occurrenceDateTime")?.slice(0, "2026-05-04".length) ?? "";
}

/** The first of those that say the same. */
function distinct(entries: readonly CardEntry[]): readonly CardEntry[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.saying, entry])).values()].toReversed();
}
