import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { Setting } from "@galen/ledger/modules/emergency/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { areas } from "../../access/grant-terms.ts";
import type { AreaLabels } from "../../records/area-labels.ts";

/** What is to open in an emergency, while it is being thought about. */
export interface EmergencyDraft {
  readonly what: "everything" | "areas" | "nothing";
  readonly areas: readonly Compartment[];
}

/** What helps a stranger at a bedside, and no more than that. */
const SUGGESTED: readonly Compartment[] = ["general", "laboratory", "medication"];

/** What is on the ledger, in words again, as far as the labels are known here. */
export function draftOf(setting: Setting | undefined, labels: Pick<AreaLabels, "labelsOf">): EmergencyDraft {
  if (!setting) return { what: "nothing", areas: SUGGESTED };
  const { opens } = setting;
  if (opens.kind === "everything") return { what: "everything", areas: SUGGESTED };
  return { what: "areas", areas: areas.filter((name) => labels.labelsOf([name]).some((label) => opens.labels.includes(label))) };
}

export function isSame(a: EmergencyDraft, b: EmergencyDraft): boolean {
  return (
    a.what === b.what && (a.what !== "areas" || (a.areas.length === b.areas.length && a.areas.every((name) => b.areas.includes(name))))
  );
}

/** Labels that a decision for these areas would open now, and that the setting does not name yet: authors may have begun to use own ones since. */
export function missingLabels(setting: Setting | undefined, labels: readonly string[]): readonly string[] {
  if (setting?.opens.kind !== "compartments") return [];
  const { labels: named } = setting.opens;
  return labels.filter((label) => !named.includes(label));
}

/** The message to be signed, for the owner or by somebody who acts for the owner; `labels` are those of the areas that are chosen. */
export function emergencyMessage({ what }: EmergencyDraft, owner: string, labels: readonly string[]): Message {
  if (what === "nothing") return { type: "emergency.forbid", value: { owner } };
  if (what === "everything") return { type: "emergency.allow", value: { owner, opens: { kind: "everything" } } };
  return { type: "emergency.allow", value: { owner, opens: { kind: "compartments", labels: [...labels] } } };
}
