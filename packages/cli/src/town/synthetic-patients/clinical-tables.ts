/** Codes of real systems with the words that these systems give them, and values that a healthy or mildly ill adult has. */
export type Coding = readonly [code: string, display: string];

type Category = "vital-signs" | "laboratory" | "survey";
/** A quantity to be measured: category of the Observation, LOINC code and words, UCUM unit, lowest and highest value, digits after the point. */
export type Measure = readonly [Category, code: string, display: string, unit: string, min: number, max: number, digits: number];

export const bloodPressure: readonly Measure[] = [
  ["vital-signs", "8480-6", "Systolic blood pressure", "mm[Hg]", 105, 138, 0],
  ["vital-signs", "8462-4", "Diastolic blood pressure", "mm[Hg]", 62, 88, 0],
];
export const heartRate: Measure = ["vital-signs", "8867-4", "Heart rate", "/min", 56, 92, 0];
export const temperature: Measure = ["vital-signs", "8310-5", "Body temperature", "Cel", 36.2, 37.1, 1];
export const fever: Measure = ["vital-signs", "8310-5", "Body temperature", "Cel", 37.9, 39.4, 1];
export const saturation: Measure = ["vital-signs", "2708-6", "Oxygen saturation in Arterial blood", "%", 95, 99, 0];

export const panels: readonly { readonly coding: Coding; readonly measures: readonly Measure[] }[] = [
  {
    coding: ["57698-3", "Lipid panel with direct LDL - Serum or Plasma"],
    measures: [
      ["laboratory", "2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 140, 235, 0],
      ["laboratory", "2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", 70, 190, 0],
      ["laboratory", "18262-6", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by Direct assay", "mg/dL", 60, 150, 0],
      ["laboratory", "2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", 38, 80, 0],
    ],
  },
  {
    coding: ["51990-0", "Basic metabolic panel - Blood"],
    measures: [
      ["laboratory", "2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", 72, 118, 0],
      ["laboratory", "38483-4", "Creatinine [Mass/volume] in Blood", "mg/dL", 0.6, 1.2, 2],
      ["laboratory", "2947-0", "Sodium [Moles/volume] in Blood", "mmol/L", 136, 144, 0],
      ["laboratory", "6298-4", "Potassium [Moles/volume] in Blood", "mmol/L", 3.6, 5.0, 1],
    ],
  },
];

/** What a patient comes with once, and what is done about it: SNOMED CT, RxNorm. */
export interface Illness {
  readonly condition: Coding;
  readonly medication?: Coding;
  readonly procedure?: Coding;
  readonly measures: readonly Measure[];
  readonly emergency?: true;
}

const acetaminophen: Coding = ["313782", "acetaminophen 325 MG Oral Tablet"];
const penicillin: Coding = ["834061", "penicillin V potassium 250 MG Oral Tablet"];
const ibuprofen: Coding = ["310965", "ibuprofen 200 MG Oral Tablet"];

export const illnesses: readonly Illness[] = [
  { condition: ["10509002", "Acute bronchitis"], medication: acetaminophen, measures: [fever, saturation] },
  { condition: ["444814009", "Viral sinusitis"], measures: [] },
  { condition: ["195662009", "Acute viral pharyngitis"], measures: [fever] },
  {
    condition: ["43878008", "Streptococcal sore throat"],
    medication: penicillin,
    procedure: ["117015009", "Throat culture"],
    measures: [fever],
  },
  { condition: ["44465007", "Sprain of ankle"], medication: ibuprofen, measures: [], emergency: true },
  { condition: ["284549007", "Laceration of hand"], procedure: ["288086009", "Suture open wound"], measures: [heartRate], emergency: true },
];

/** What a patient lives with, and what is measured at each visit for it. */
export const chronicIllnesses: readonly Illness[] = [
  { condition: ["38341003", "Hypertensive disorder"], medication: ["316049", "hydrochlorothiazide 25 MG"], measures: bloodPressure },
  {
    condition: ["44054006", "Type 2 diabetes mellitus"],
    medication: ["860975", "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet"],
    measures: [["laboratory", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 6.1, 8.4, 1]],
  },
  {
    condition: ["370143000", "Major depressive disorder"],
    medication: ["310385", "fluoxetine 20 MG Oral Capsule"],
    measures: [["survey", "44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score", "{score}", 4, 17, 0]],
  },
];

/** CVX. */
export const vaccines: readonly Coding[] = [
  ["140", "Influenza, seasonal, injectable, preservative free"],
  ["113", "Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed"],
  ["133", "Pneumococcal conjugate PCV 13"],
];

/** SNOMED CT. */
export const allergies: readonly Coding[] = [
  ["232350006", "House dust mite allergy"],
  ["418689008", "Allergy to grass pollen"],
  ["91934008", "Allergy to nut"],
  ["91936005", "Allergy to penicillin"],
];
