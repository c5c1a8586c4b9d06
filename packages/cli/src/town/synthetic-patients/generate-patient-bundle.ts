import type { JsonObject } from "@galen/gateway";
import { addBill } from "./bills.ts";
import { allergies, type Coding, chronicIllnesses, type Illness, illnesses } from "./clinical-tables.ts";
import { inventedName } from "./invented-names.ts";
import { createRandom } from "./random.ts";
import { addResource, type Chart, snomed, term, type Visit } from "./resources.ts";
import { visitHouse } from "./town-houses.ts";
import { addCarePlan, addPanel, checkUp, diagnose, measureAtHome, takeXray, treat } from "./visits.ts";

/** The town's calendar ends here, so that the same seed gives the same bundles on every day. */
const LAST_DAY_MS = Date.UTC(2025, 10, 30);
const DAY_MS = 24 * 60 * 60 * 1000;
const QUARTER_HOUR_MS = 15 * 60 * 1000;

/** Number of the one patient who is a child. All others are adults. */
export const CHILD = 10;
const CHILD_FACTS = { birthYear: 2013, weightKg: 38 };

/** A patient of the town with what stays the same from visit to visit. */
interface Resident extends Chart {
  readonly seed: string;
  readonly weightKg: number;
  readonly chronic: Illness | undefined;
}

/**
 * A made-up person as a FHIR R4 transaction bundle in the manner of Synthea: Patient, sometimes an allergy, and 3 to 15
 * encounters within ten years, each with its findings, treatment, claim and benefit. Codes are those of real systems,
 * names are of nobody.
 *
 * @param seed the town; the same seed and index give the same bundle
 * @param index number of the patient from 0; the first 200 have different names
 */
export function generatePatientBundle({ seed, index }: { readonly seed: string; readonly index: number }): JsonObject {
  const random = createRandom(`${seed}/patient/${index}`);
  const entries: JsonObject[] = [];
  const [birthYear, gender] = [random.integer(1938, 2003), random.pick(["female", "male"])];
  const child = index === CHILD ? CHILD_FACTS : undefined;
  const patient = addResource({ random, entries }, "Patient", personalData(index, child?.birthYear ?? birthYear, gender));
  const chronic = random.chance(60) ? random.pick(chronicIllnesses) : undefined;
  const weightKg = random.integer(52, 98);
  const resident: Resident = { random, entries, patient, seed, chronic, weightKg: child?.weightKg ?? weightKg };
  if (random.chance(40)) addAllergy(resident, random.pick(allergies));

  let condition: JsonObject | undefined;
  for (const day of visitDays(resident, random.integer(3, 15))) condition = addVisit(resident, day, condition);
  return { resourceType: "Bundle", type: "transaction", entry: entries };
}

function personalData(index: number, birthYear: number, gender: string): JsonObject {
  const { given, family } = inventedName(index);
  const number = String(index + 1).padStart(4, "0");
  const month = String((index % 12) + 1).padStart(2, "0");
  return {
    text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">A made-up patient of the sample town.</div>' },
    identifier: [{ system: "urn:galen:sample-town", value: `TOWN-${number}` }],
    name: [{ use: "official", family, given: [given] }],
    telecom: [{ system: "phone", value: `555-${number}`, use: "home" }],
    gender,
    birthDate: `${birthYear}-${month}-15`,
    address: [{ line: [`${index + 1} Example Road`], city: "Sampleton" }],
  };
}

function addAllergy(chart: Chart, coding: Coding): void {
  addResource(chart, "AllergyIntolerance", {
    clinicalStatus: term("allergyintolerance-clinical", "active"),
    verificationStatus: term("allergyintolerance-verification", "confirmed"),
    type: "allergy",
    criticality: "low",
    code: snomed(coding),
    patient: chart.patient,
  });
}

/** Different days within ten years before the end of the calendar, the oldest first. */
function visitDays({ random }: Chart, count: number): readonly number[] {
  const days = new Set<number>();
  while (days.size < count) days.add(LAST_DAY_MS - random.integer(0, 3650) * DAY_MS);
  return [...days].sort((a, b) => a - b);
}

/** One encounter with all that happens in it. Gives the reference to the chronic condition, once it is known. */
function addVisit(resident: Resident, day: number, condition: JsonObject | undefined): JsonObject | undefined {
  const { chronic, random } = resident;
  if (chronic === undefined || random.chance(65)) {
    addBill(visitByChance(resident, day));
    return condition;
  }
  const visit = openVisit(resident, day, "AMB", ["390906007", "Follow-up encounter"], chronic.condition);
  const known = condition ?? diagnose(visit, chronic, "active");
  if (condition === undefined) addCarePlan(visit, chronic, known);
  else treat(visit, chronic, known);
  addBill(visit);
  return known;
}

/** A visit that has nothing to do with a chronic illness. */
function visitByChance(resident: Resident, day: number): Visit {
  const percent = resident.random.integer(1, 100);
  if (percent <= 50) {
    const visit = openVisit(resident, day, "AMB", ["185349003", "Encounter for check up"]);
    checkUp(visit, resident.weightKg);
    return visit;
  }
  if (percent <= 80) {
    const illness = resident.random.pick(illnesses);
    const type: Coding = illness.emergency ? ["50849002", "Emergency room admission"] : ["185345009", "Encounter for symptom"];
    const visit = openVisit(resident, day, illness.emergency ? "EMER" : "AMB", type, illness.condition);
    diagnose(visit, illness, "resolved");
    return visit;
  }
  const [visitClass, type, act] = resident.random.pick(shortVisits);
  const visit = openVisit(resident, day, visitClass, type);
  act(visit);
  return visit;
}

/** v3-ActCode, SNOMED CT, and what is done. */
const shortVisits: readonly (readonly [visitClass: string, type: Coding, act: (visit: Visit) => void])[] = [
  ["AMB", ["308335008", "Patient encounter procedure"], addPanel],
  ["AMB", ["308335008", "Patient encounter procedure"], takeXray],
  ["HH", ["439708006", "Home visit"], measureAtHome],
];

function openVisit(resident: Resident, day: number, visitClass: string, type: Coding, reason?: Coding): Visit {
  const { random, entries, patient, seed } = resident;
  const { house, doctor } = visitHouse(resident, seed);
  const startMs = day + random.integer(8 * 4, 17 * 4) * QUARTER_HOUR_MS;
  const [start, end] = [instant(startMs), instant(startMs + random.integer(1, 4) * QUARTER_HOUR_MS)];
  const encounter = addResource(resident, "Encounter", {
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: visitClass },
    type: [snomed(type)],
    subject: patient,
    participant: [{ individual: doctor }],
    period: { start, end },
    ...(reason ? { reasonCode: [snomed(reason)] } : {}),
    serviceProvider: house,
  });
  return { random, entries, patient, encounter, doctor, house, start, end };
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
