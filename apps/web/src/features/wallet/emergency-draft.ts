import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { Setting } from "@galen/ledger/modules/emergency/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { areas } from "../../access/grant-terms.ts";
import { type AreaLabels, labelsOf } from "../../records/area-labels.ts";

/** What is to open in an emergency, while it is being thought about. */
export interface EmergencyDraft {
  readonly what: "everything" | "areas" | "nothing";
  readonly areas: readonly Compartment[];
}

/** What helps a stranger at a bedside, and no more than that. */
const SUGGESTED: readonly Compartment[] = ["general", "laboratory", "medication"];

/** What is on the ledger, in words again, as far as the labels are known here. */
export function draftOf(setting: Setting | undefined, labels: AreaLabels): EmergencyDraft {
  if (!setting) return { what: "nothing", areas: SUGGESTED };
  const { opens } = setting;
  if (opens.kind === "everything") return { what: "everything", areas: SUGGESTED };
  return { what: "areas", areas: areas.filter((name) => labelsOf(labels, [name]).some((label) => opens.labels.includes(label))) };
}

export function isSame(a: EmergencyDraft, b: EmergencyDraft): boolean {
  return (
    a.what === b.what && (a.what !== "areas" || (a.areas.length === b.areas.length && a.areas.every((name) => b.areas.includes(name))))
  );
}

/** The message to be signed, for the owner or by somebody who acts for the owner. */
export function emergencyMessage({ what, areas: chosen }: EmergencyDraft, owner: string, labels: AreaLabels): Message {
  if (what === "nothing") return { type: "emergency.forbid", value: { owner } };
  if (what === "everything") return { type: "emergency.allow", value: { owner, opens: { kind: "everything" } } };
  return { type: "emergency.allow", value: { owner, opens: { kind: "compartments", labels: labelsOf(labels, chosen) } } };
}
