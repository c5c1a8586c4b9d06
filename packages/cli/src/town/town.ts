import type { AccountKind, Role } from "@galen/ledger/modules/accounts/schema";
import { inventedName } from "./synthetic-patients/invented-names.ts";

/** An organisation of the sample town. Members found the alliance and decide in it. */
interface TownOrganisation {
  readonly name: string;
  readonly part: string;
  readonly isMember: boolean;
}

/** Somebody who works in the town. */
export interface TownWorker {
  readonly name: string;
  readonly kind: AccountKind;
  readonly worksFor: string;
  readonly role: Role;
  /** What became of the practitioner licence, for those who have one. */
  readonly licence?: "valid" | "suspended";
}

export const HOSPITAL = "Sampleton General Hospital";
export const CLINIC = "Testerly Lane Clinic";
const PRACTICE = "Mockridge Family Practice";
export const PHARMACY = "Makebury Pharmacy";
export const INSURER = "Placeholm Mutual";
export const BOARD = "Sampleton Medical Board";
const AUTHORITY = "Fictorel Health Authority";
const INSTITUTE = "Inventow Institute";

/** A counter-party for every role that an integrator may need. */
export const organisations: readonly TownOrganisation[] = [
  { name: HOSPITAL, part: "hospital", isMember: true },
  { name: CLINIC, part: "clinic", isMember: true },
  { name: PRACTICE, part: "family practice", isMember: true },
  { name: PHARMACY, part: "pharmacy", isMember: true },
  { name: INSURER, part: "insurer", isMember: true },
  { name: AUTHORITY, part: "regulator", isMember: true },
  { name: BOARD, part: "licensing body", isMember: false },
  { name: INSTITUTE, part: "research institute", isMember: false },
  { name: "Synthern Wholesale", part: "wholesaler", isMember: false },
  { name: "Trialby Therapeutics", part: "drug maker", isMember: false },
];

/** The houses in which the town's bundles take place, in the order of the generator; each with its doctor of the bundles. */
export const houses = [HOSPITAL, CLINIC, PRACTICE] as const;

/** Where the generator's doctors begin in the list of invented names. */
const FIRST_DOCTOR_NAME = 200;

function doctorName(index: number): string {
  const { given, family } = inventedName(FIRST_DOCTOR_NAME + index);
  return `Dr. ${given} ${family}`;
}

export const HOSPITAL_DOCTOR = doctorName(0);
export const CLINIC_DOCTOR = doctorName(1);
export const SUSPENDED_DOCTOR = doctorName(3);
export const PHARMACIST = doctorName(5).slice("Dr. ".length);

export const workers: readonly TownWorker[] = [
  ...houses.map(
    (worksFor, index): TownWorker => ({ name: doctorName(index), kind: "person", worksFor, role: "clinician", licence: "valid" }),
  ),
  { name: SUSPENDED_DOCTOR, kind: "person", worksFor: HOSPITAL, role: "clinician", licence: "suspended" },
  { name: doctorName(4).slice("Dr. ".length), kind: "person", worksFor: HOSPITAL, role: "nurse" },
  { name: PHARMACIST, kind: "person", worksFor: PHARMACY, role: "pharmacist" },
  { name: doctorName(6).slice("Dr. ".length), kind: "person", worksFor: INSURER, role: "member" },
  { name: doctorName(7).slice("Dr. ".length), kind: "person", worksFor: AUTHORITY, role: "auditor" },
  { name: doctorName(8), kind: "person", worksFor: INSTITUTE, role: "researcher" },
];

export const PATIENTS = 30;
/** The same town for everybody. */
export const TOWN_SEED = "galen sample town";
