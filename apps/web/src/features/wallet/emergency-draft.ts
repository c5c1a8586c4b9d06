import type { Compartment } from "@galen/gateway/fhir/compartment";
import type { Setting } from "@galen/ledger/modules/emergency/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { areas } from "../../access/grant-terms.ts";

/** What is to open in an emergency, while it is being thought about. */
export interface EmergencyDraft {
  readonly what: "everything" | "areas" | "nothing";
  readonly areas: readonly Compartment[];
}

/** What helps a stranger at a bedside, and no more than that. */
const SUGGESTED: readonly Compartment[] = ["general", "laboratory", "medication"];

/** What is on the ledger, in words again: only the owner's key tells which label is which area. */
export function draftOf(setting: Setting | undefined, { keys }: OwnAccount): EmergencyDraft {
  if (!setting) return { what: "nothing", areas: SUGGESTED };
  const { opens } = setting;
  if (opens.kind === "everything") return { what: "everything", areas: SUGGESTED };
  return { what: "areas", areas: areas.filter((name) => opens.labels.includes(compartmentLabel(keys.compartmentKey, name))) };
}

export function isSame(a: EmergencyDraft, b: EmergencyDraft): boolean {
  return (
    a.what === b.what && (a.what !== "areas" || (a.areas.length === b.areas.length && a.areas.every((name) => b.areas.includes(name))))
  );
}

/** The message to be signed. */
export function emergencyMessage({ what, areas: chosen }: EmergencyDraft, { account: owner, keys }: OwnAccount): Message {
  if (what === "nothing") return { type: "emergency.forbid", value: { owner } };
  if (what === "everything") return { type: "emergency.allow", value: { owner, opens: { kind: "everything" } } };
  const labels = chosen.map((name) => compartmentLabel(keys.compartmentKey, name));
  return { type: "emergency.allow", value: { owner, opens: { kind: "compartments", labels } } };
}
