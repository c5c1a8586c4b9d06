import { COMPARTMENTS, type Compartment } from "@galen/gateway/fhir/compartment";
import { type Grant, MAX_LABELS } from "@galen/ledger/modules/vault/schema";

export const areas: readonly Compartment[] = COMPARTMENTS;
/** Days. */
export const spans = [1, 7, 30, 365] as const;
/** What patients are asked for in everyday life, of HL7's long list. */
export const purposes = ["TREAT", "COC", "HPAYMT", "HRESCH"] as const satisfies readonly Grant["purposes"][number][];
const DAY_MS = 86_400_000;

/** What access opens, what for, how long, while it is being thought about. */
export interface GrantTerms {
  readonly what: "everything" | "areas";
  readonly areas: readonly Compartment[];
  readonly purpose: (typeof purposes)[number];
  readonly days: (typeof spans)[number];
}

/** Least is given and asked for first: general matters, for a month. */
export const leastTerms: GrantTerms = { what: "areas", areas: ["general", "laboratory", "medication"], purpose: "TREAT", days: 30 };

/** Milliseconds since 1970. */
export function endOf({ days }: Pick<GrantTerms, "days">, now: number): number {
  return now + days * DAY_MS;
}

/** Whether areas lie under more labels than a grant or an emergency setting can name: each author's own label is one more. */
export function isTooWide({ what }: { readonly what: string }, labels: readonly string[]): boolean {
  return what === "areas" && labels.length > MAX_LABELS;
}

/** Whether the terms open anything. */
export function opensSomething({ what, areas: chosen }: Pick<GrantTerms, "what" | "areas">): boolean {
  return what === "everything" || chosen.length > 0;
}
