import { instantText } from "./dates.ts";
import { resourcesOf } from "./document-facts.ts";
import { exactNumber, type JsonObject, textAt } from "./json-value.ts";
import { type Authorship, composeDocument, logicalReference } from "./written-document.ts";

/** A note for pharmacy and patient, not a letter. */
export const MAX_PRESCRIPTION_NOTE_LENGTH = 1_000;
/** UCUM, by which doses and packs are counted; a tablet and its like are annotations of the unit one. */
export const DOSE_UNITS = ["{tablet}", "{capsule}", "mg", "mL", "[drp]", "{puff}", "[iU]"] as const;
export type DoseUnit = (typeof DOSE_UNITS)[number];

/** A code of a medicine, such as RxNorm's or ATC's. */
export interface MedicineCode {
  readonly system: string;
  readonly code: string;
}

export interface PrescriptionDraft extends Authorship {
  readonly medicine: string;
  readonly code?: MedicineCode | undefined;
  /** Of one intake: digits as they were written, such as `0.5`. */
  readonly dose: string;
  readonly doseUnit: DoseUnit;
  /** The unit in the words of the author's language. */
  readonly unitName: string;
  /** Intakes in a day. */
  readonly timesPerDay: number;
  readonly asNeeded: boolean;
  readonly durationDays: number;
  /** What the pharmacy hands out, in the unit of the dose: digits as they were written. */
  readonly quantity: string;
  /** Dose, frequency and duration in the words of the author's language. */
  readonly instructions: string;
  readonly note: string;
}

/** LOINC 57833-6, "Prescription for medication". */
const PRESCRIPTION = { coding: [{ system: "http://loinc.org", code: "57833-6", display: "Prescription for medication" }] };

/** Whether a document orders medication and says nothing else, whatever it calls itself; that of a visit tells what was ordered there. */
export function isPrescription(document: JsonObject): boolean {
  const types = resourcesOf(document).map((resource) => textAt(resource, "resourceType"));
  return types.includes("MedicationRequest") && types.every((type) => type === "MedicationRequest" || type === "Composition");
}

/** A prescription as a FHIR document with one MedicationRequest (FHIR R4 medicationrequest.html, dosage.html). Throws RangeError for digits that are no number. */
export function createPrescription({ medicine, code, instructions, note, ...draft }: PrescriptionDraft): JsonObject {
  const { writtenAt, author, patient, durationDays } = draft;
  const days = { value: durationDays, unit: "d", system: UCUM, code: "d" };
  const request = {
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    medicationCodeableConcept: { ...(code && { coding: [{ ...code, display: medicine }] }), text: medicine },
    subject: logicalReference("Patient", { account: patient }),
    authoredOn: instantText(writtenAt),
    requester: logicalReference("Practitioner", author),
    ...(note === "" ? {} : { note: [{ text: note }] }),
    dosageInstruction: [
      {
        text: instructions,
        timing: { repeat: { boundsDuration: days, frequency: draft.timesPerDay, period: 1, periodUnit: "d" } },
        ...(draft.asNeeded && { asNeededBoolean: true }),
        doseAndRate: [{ doseQuantity: quantityOf(draft.dose, draft) }],
      },
    ],
    dispenseRequest: { quantity: quantityOf(draft.quantity, draft), expectedSupplyDuration: days },
  };
  return composeDocument(draft, { title: medicine, type: PRESCRIPTION, resource: request });
}

const UCUM = "http://unitsofmeasure.org";

function quantityOf(digits: string, { doseUnit, unitName }: Pick<PrescriptionDraft, "doseUnit" | "unitName">): JsonObject {
  if (!isPositiveDecimal(digits)) throw new RangeError("an amount is a positive decimal");
  return { value: exactNumber(digits), unit: unitName, system: UCUM, code: doseUnit };
}

/** Whether the text is a positive decimal as FHIR writes it, with at most four digits on either side of the point. */
export function isPositiveDecimal(text: string): boolean {
  return /^(?:0|[1-9]\d{0,3})(?:\.\d{1,4})?$/.test(text) && Number(text) > 0;
}
