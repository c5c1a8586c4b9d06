import { dayOf } from "./dates.ts";
import { countTypes, describeDocument, resourcesOf } from "./document-facts.ts";
import { doubtOf } from "./doubt.ts";
import { calledBy, humanName } from "./human-name.ts";
import { type JsonObject, numberTextAt, objectAt, objectsAt, textAt } from "./json-value.ts";
import { type MedicineOf, medicinesIn } from "./medicine.ts";
import { negationOf } from "./negation.ts";
import { conceptText, plainText, quantityDigits } from "./plain-text.ts";
import { isRetracted, retractionOf } from "./retraction.ts";

/** One screen. */
const MAX_LINES = 40;
const MAX_LINE_LENGTH = 100;
/** A page has room for a sentence. */
const MAX_RESOURCE_LENGTH = 400;
/** So that a long name leaves room for the value behind it. */
const MAX_NAME_LENGTH = 48;
const MAX_PART_NAME_LENGTH = 28;
const MAX_LINES_OF_TYPE = 6;

/** How what records hold as codes and days is said. */
export interface Wording {
  /** `2019`, `2019-03` or `2019-03-07`. */
  day(day: string): string;
  /** A status, retraction, negation, doubt, criticality, severity, gender or kind of visit, as the record has it: mostly a code of FHIR; `true` and `false` for yes and no. */
  code(code: string): string;
  born(day: string): string;
  because(reason: string): string;
  /** In place of a medicine that the document does not name. */
  unnamedMedicine(): string;
}

/** Codes that are no words: those of v3-ActCode say how a visit went, and many systems send nothing beside them. */
const plainCodes: ReadonlyMap<string, string> = new Map([
  ["AMB", "ambulatory"],
  ["EMER", "emergency"],
  ["HH", "home health"],
  ["IMP", "inpatient"],
  ["VR", "virtual"],
  ["entered-in-error", "RETRACTED (entered in error)"],
  ["refuted", "RETRACTED (ruled out)"],
  ["not-done", "NOT DONE"],
  ["not-taken", "NOT TAKEN"],
  ["declined", "DECLINED"],
  ["cancelled", "CANCELLED"],
  ["do-not-perform", "NOT TO BE GIVEN"],
  ["unconfirmed", "NOT CONFIRMED"],
  ["provisional", "PROVISIONAL"],
  ["differential", "ONE OF SEVERAL POSSIBILITIES"],
  ["true", "yes"],
  ["false", "no"],
]);

const plainWording: Wording = {
  day: (day) => day,
  code: (code) => plainCodes.get(code) ?? code,
  born: (day) => `born ${day}`,
  because: (reason) => `because of ${reason}`,
  unnamedMedicine: () => "(medicine not named here)",
};

type Line = (resource: JsonObject, say: Wording, medicineOf: MedicineOf) => string;
type Section = readonly [type: string, heading: string, line: Line];

/** What is shown line by line, in this order; other types are only counted. */
const sections: readonly Section[] = [
  ["Patient", "Patient", (r, say) => join(humanName(calledBy(r)), code(textAt(r, "gender"), say), born(r, say))],
  ["Encounter", "Encounter", (r, say) => join(day(r, say), concept(r, "type"), because(r, say), visitClass(r, say))],
  [
    "AllergyIntolerance",
    "Allergies",
    (r, say) => join(concept(r, "code"), code(textAt(r, "criticality"), say), clinicalStatus(r, say), ...reactions(r, say)),
  ],
  ["Condition", "Conditions", (r, say) => join(day(r, say), concept(r, "code"), clinicalStatus(r, say))],
  ["FamilyMemberHistory", "Family history", (r) => join(concept(r, "relationship"), ...familyConditions(r))],
  ["Procedure", "Procedures", (r, say) => join(day(r, say), concept(r, "code"))],
  [
    "MedicationRequest",
    "Medication",
    (r, say, medicineOf) => join(day(r, say), medicine(medicineOf(r), say), dose(r), toDispense(r), ...notes(r), status(r, say)),
  ],
  ["MedicationStatement", "Medication taken", (r, say, medicineOf) => join(day(r, say), medicine(medicineOf(r), say), status(r, say))],
  [
    "MedicationDispense",
    "Medication dispensed",
    (r, say, medicineOf) => join(day(r, say), medicine(medicineOf(r), say), quantity(objectAt(r, "quantity"))),
  ],
  ["MedicationAdministration", "Medication given", (r, say, medicineOf) => join(day(r, say), medicine(medicineOf(r), say))],
  ["Immunization", "Immunisations", (r, say) => join(day(r, say), concept(r, "vaccineCode"), status(r, say))],
  ["DiagnosticReport", "Reports", (r, say) => join(day(r, say), concept(r, "code"), textAt(r, "conclusion"))],
  ["ImagingStudy", "Images", (r, say) => join(day(r, say), concept(r, "procedureCode") ?? textAt(r, "description"))],
  ["Observation", "Observations", (r, say) => join(day(r, say), observation(r, say, MAX_NAME_LENGTH))],
  ["CarePlan", "Care plans", (r, say) => join(day(r, say), concept(r, "category"), status(r, say))],
  ["Claim", "Claims", (r, say) => join(day(r, say), concept(r, "type"), money(objectAt(r, "total")))],
  [
    "ExplanationOfBenefit",
    "Benefits",
    (r, say) => join(day(r, say), concept(r, "type"), money(objectsAt(r, "total")[0] ?? objectAt(r, "payment"))),
  ],
  ["Practitioner", "Practitioners", (r) => join(humanName(objectsAt(r, "name")[0]))],
  ["Organization", "Organisations", (r) => join(textAt(r, "name"))],
];

/** A document in plain words for one screen: title, period, and a line for each resource of the known types, cut to 40 lines of 100. */
export function summariseDocument(document: JsonObject): string {
  const { title, period } = describeDocument(document);
  const resources = resourcesOf(document);
  const medicineOf = medicinesIn(document);
  const shown = sections.flatMap((section) => sectionLines(section, resources, medicineOf));
  const others = resources.filter(({ resourceType }) => !sections.some(([known]) => known === resourceType));
  const retracted = countLine("RETRACTED", others.filter(isRetracted));
  const dates = period === undefined ? "" : period.start === period.end ? period.start : `${period.start} to ${period.end}`;

  const body = [...retracted, ...shown, ...countLine("Also", others)].map(screenLine);
  const room = MAX_LINES - 2;
  const cut = body.length <= room ? body : [...body.slice(0, room - 1), `… ${body.length - room + 1} more lines`];
  return [screenLine(title), ...(dates === "" ? [] : [screenLine(dates)]), ...cut].join("\n");
}

/**
 * One resource of the types that are shown line by line, in one line; empty for others and for what says nothing.
 *
 * @param medicineOf of the resource's bundle; alone, a resource names only what it contains
 */
export function summariseResource(resource: JsonObject, say: Wording = plainWording, medicineOf: MedicineOf = medicinesIn({})): string {
  const section = sections.find(([type]) => type === resource.resourceType);
  return section === undefined ? "" : plainText(told(section, resource, say, medicineOf), MAX_RESOURCE_LENGTH);
}

/** What was taken back, has not happened or is in doubt is shown as that before all else, so that no cut takes the word away. */
function told([, , line]: Section, resource: JsonObject, say: Wording, medicineOf: MedicineOf): string {
  return join(code(markOf(resource), say), line(resource, say, medicineOf));
}

function markOf(resource: JsonObject): string | undefined {
  return retractionOf(resource) ?? negationOf(resource) ?? doubtOf(resource);
}

function sectionLines(section: Section, resources: readonly JsonObject[], medicineOf: MedicineOf): readonly string[] {
  const [type, heading] = section;
  const own = resources.filter((resource) => resource.resourceType === type);
  if (own.length === 0) return [];
  const lines = own
    .slice(0, MAX_LINES_OF_TYPE)
    .map((resource) => `  ${told(section, resource, plainWording, medicineOf) || "(no details)"}`);
  const more = own.length - lines.length;
  return [`${heading} (${own.length})`, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])];
}

function countLine(label: string, resources: readonly JsonObject[]): readonly string[] {
  const counts = Object.entries(countTypes(resources)).map(([type, count]) => `${type} ${count}`);
  return counts.length === 0 ? [] : [`${label}: ${counts.join(", ")}`];
}

/** Keeps the indentation, which `plainText` trims. */
function screenLine(line: string): string {
  const indent = line.startsWith("  ") ? "  " : "";
  return indent + plainText(line, MAX_LINE_LENGTH - indent.length);
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function concept(resource: JsonObject, name: string): string | undefined {
  return conceptText(objectsAt(resource, name)[0]);
}

function medicine(known: JsonObject | undefined, say: Wording): string {
  return conceptText(known) ?? say.unnamedMedicine();
}

function day(resource: JsonObject, say: Wording): string | undefined {
  const known = dayOf(resource);
  return known && say.day(known);
}

function code(known: string | undefined, say: Wording): string | undefined {
  return known && say.code(known);
}

/** Where its author says that an entry stands; one that was taken back or tells of nothing stands nowhere. */
function status(resource: JsonObject, say: Wording): string | undefined {
  return markOf(resource) === undefined ? code(textAt(resource, "status"), say) : undefined;
}

function clinicalStatus(resource: JsonObject, say: Wording): string | undefined {
  return isRetracted(resource) ? undefined : code(concept(resource, "clinicalStatus"), say);
}

/** What an allergy has done: `Hives, Wheezing (severe)`. */
function reactions(allergy: JsonObject, say: Wording): readonly string[] {
  return objectsAt(allergy, "reaction").map((reaction) => {
    const shown = objectsAt(reaction, "manifestation")
      .map(conceptText)
      .filter((one) => one !== undefined);
    const severity = code(textAt(reaction, "severity"), say);
    return [shown.join(", "), severity && `(${severity})`].filter(Boolean).join(" ");
  });
}

function familyConditions(member: JsonObject): readonly (string | undefined)[] {
  return objectsAt(member, "condition").map((condition) => concept(condition, "code"));
}

function because(encounter: JsonObject, say: Wording): string | undefined {
  const reason = concept(encounter, "reasonCode");
  return reason && say.because(reason);
}

function visitClass(encounter: JsonObject, say: Wording): string | undefined {
  const visit = objectAt(encounter, "class");
  return textAt(visit, "display") ?? code(textAt(visit, "code"), say);
}

function born(patient: JsonObject, say: Wording): string | undefined {
  const date = textAt(patient, "birthDate");
  return date && say.born(say.day(date));
}

function dose(request: JsonObject): string | undefined {
  return textAt(objectsAt(request, "dosageInstruction")[0], "text");
}

function toDispense(request: JsonObject): string | undefined {
  return quantity(objectAt(objectAt(request, "dispenseRequest"), "quantity"));
}

function notes(resource: JsonObject): readonly (string | undefined)[] {
  return objectsAt(resource, "note").map((note) => textAt(note, "text"));
}

function quantity(value: JsonObject | undefined): string | undefined {
  const digits = quantityDigits(value, shortNumber);
  return digits && `${digits} ${textAt(value, "unit") ?? textAt(value, "code") ?? ""}`;
}

/**
 * Systems send digits that nobody measured: with more than four after the point, two are shown, and marked as about. Below one, where two could be none that
 * counts, the first three that count are shown; zeros before them do not.
 */
function shortNumber(digits: string): string {
  if (/^-?0\.0*[1-9]\d{4,}$/.test(digits)) return `≈${Number(digits).toPrecision(3)}`;
  return /^-?[1-9]\d*\.\d{5,}$/.test(digits) ? `≈${Number(digits).toFixed(2)}` : digits;
}

/** Money, or an element of a bill that holds its amount (`payment`). */
function money(value: JsonObject | undefined): string | undefined {
  const amount = objectAt(value, "amount") ?? value;
  const digits = numberTextAt(amount, "value");
  return digits && `${digits} ${textAt(amount, "currency") ?? ""}`;
}

/** Name and value of an Observation or of one of its components; only the components where it has no value of its own (blood pressure). */
function observation(resource: JsonObject, say: Wording, maxNameLength: number): string {
  const name = plainText(concept(resource, "code") ?? "", maxNameLength);
  const value = observed(resource, say) ?? concept(resource, "dataAbsentReason");
  const parts = objectsAt(resource, "component").map((component) =>
    observation({ ...component, component: [] }, say, MAX_PART_NAME_LENGTH),
  );
  const found = value === undefined && parts.length > 0 ? [parts.join(", ")] : [name, value];
  return [...found, judged(resource)].filter((part) => part !== undefined).join(" ");
}

/** What its author thinks of a value that is not as usual, such as `(High)`; nothing of one that is (v3-ObservationInterpretation N). */
function judged(resource: JsonObject): string | undefined {
  const unusual = objectsAt(resource, "interpretation").filter((concept) => textAt(objectsAt(concept, "coding")[0], "code") !== "N");
  const words = unusual.map(conceptText).filter((one) => one !== undefined);
  return words.length === 0 ? undefined : `(${words.join(", ")})`;
}

/** What was found, in each form that FHIR R4 observation.html gives it but for curves and periods: a name alone would say that it was. */
function observed(resource: JsonObject, say: Wording): string | undefined {
  const { valueBoolean } = resource;
  const written = textAt(resource, "valueDateTime")?.slice(0, 10);
  return (
    quantity(objectAt(resource, "valueQuantity")) ??
    conceptText(objectAt(resource, "valueCodeableConcept")) ??
    textAt(resource, "valueString") ??
    numberTextAt(resource, "valueInteger") ??
    (typeof valueBoolean === "boolean" ? say.code(String(valueBoolean)) : undefined) ??
    range(objectAt(resource, "valueRange")) ??
    ratio(objectAt(resource, "valueRatio")) ??
    (written && say.day(written)) ??
    textAt(resource, "valueTime")
  );
}

function range(value: JsonObject | undefined): string | undefined {
  const [low, high] = [quantity(objectAt(value, "low")), quantity(objectAt(value, "high"))];
  if (low === undefined) return high && `≤${high}`;
  return high === undefined ? `≥${low}` : `${low} – ${high}`;
}

function ratio(value: JsonObject | undefined): string | undefined {
  const [numerator, denominator] = [quantity(objectAt(value, "numerator")), quantity(objectAt(value, "denominator"))];
  return numerator && denominator && `${numerator} : ${denominator}`;
}
