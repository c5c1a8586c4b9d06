import { DOSE_UNITS, type DoseUnit, isPositiveDecimal } from "@galen/gateway/fhir/prescription";
import type { Translate } from "../../frame/texts.ts";
import type { prescriptionTexts } from "./prescription-texts.ts";

export const MAX_MEDICINE_LENGTH = 120;
export const MAX_TIMES_PER_DAY = 24;
export const MAX_DAYS = 365;

/** A prescription while it is being written: numbers as they were typed. */
export interface PrescriptionForm {
  readonly medicine: string;
  readonly dose: string;
  readonly unit: DoseUnit;
  readonly times: string;
  readonly days: string;
  readonly asNeeded: boolean;
  /** Undefined: what dose, frequency and duration come to. */
  readonly quantity: string | undefined;
  readonly note: string;
}

export const emptyForm: PrescriptionForm = {
  medicine: "",
  dose: "1",
  unit: DOSE_UNITS[0],
  times: "1",
  days: "7",
  asNeeded: false,
  quantity: undefined,
  note: "",
};

/** A whole number from 1 to `max`; undefined for anything else. */
export function wholeNumber(text: string, max: number): number | undefined {
  const value = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value <= max ? value : undefined;
}

/** What the pharmacy hands out: as typed, else what the rest comes to, in whole units. Empty while that cannot be told. */
export function quantityOf({ quantity, dose, times, days }: PrescriptionForm): string {
  if (quantity !== undefined) return quantity;
  const [perDay, count] = [wholeNumber(times, MAX_TIMES_PER_DAY), wholeNumber(days, MAX_DAYS)];
  if (!isPositiveDecimal(dose) || perDay === undefined || count === undefined) return "";
  const sum = String(Math.ceil(Number(dose) * perDay * count));
  return isPositiveDecimal(sum) ? sum : "";
}

export function isComplete(form: PrescriptionForm): boolean {
  const amounts = [form.dose, quantityOf(form)].every(isPositiveDecimal);
  const isTimed = wholeNumber(form.times, MAX_TIMES_PER_DAY) !== undefined && wholeNumber(form.days, MAX_DAYS) !== undefined;
  return form.medicine.trim() !== "" && amounts && isTimed;
}

type Say = Translate<(typeof prescriptionTexts.keys)[number]>;

/** UCUM's annotations and brackets are no part of a key. */
export function unitWords(unit: DoseUnit, t: Say): string {
  return t(`unit.${unit.replace(/[{}[\]]/g, "")}` as Parameters<Say>[0]);
}

/** Dose, frequency and duration in words. */
export function instructionsOf({ dose, unit, times, days, asNeeded }: PrescriptionForm, t: Say): string {
  const parts = [
    t("perIntake", { dose, unit: unitWords(unit, t) }),
    t("perDay", { count: Number(times) }),
    ...(asNeeded ? [t("ifNeeded")] : []),
    t("forDays", { count: Number(days) }),
  ];
  return parts.join(" · ");
}
