import type { ReadContext } from "../../app/context.ts";
import { bestStanding } from "../credentials/index.ts";
import type { Ask } from "../vault/index.ts";
import type { Outcome } from "../vault/schema.ts";
import { MAX_USES_PER_DAY, type Setting } from "./schema.ts";
import { recentUses, settings } from "./state.ts";

/** What the rules say to somebody who has no grant and says that it cannot wait. Everything that is refused is logged for the owner. */
export function decideEmergency(
  ctx: Pick<ReadContext, "state" | "time">,
  { reader, owner, objects }: Pick<Ask, "reader" | "owner" | "objects">,
): Outcome {
  const setting = settings.get(ctx, owner);
  const standing = bestStanding(ctx, reader, "practitioner-licence");
  if (objects.some(({ object }) => object.erasedAt !== undefined)) return { kind: "refused", reason: "ObjectErased" };
  if (reader === owner) return { kind: "released", under: "owner" };
  if (!setting) return { kind: "refused", reason: "EmergencyNotAllowed" };
  if (!objects.every(({ object }) => isOpened(setting, object.policy.compartment))) return { kind: "refused", reason: "WrongCompartment" };
  if (standing === undefined) return { kind: "refused", reason: "CredentialMissing" };
  if (standing === "suspended") return { kind: "refused", reason: "CredentialSuspended" };
  if (standing !== "valid") return { kind: "refused", reason: "CredentialNotValid" };
  if (recentUses(ctx, reader).length >= MAX_USES_PER_DAY) return { kind: "refused", reason: "TooManyEmergencies" };
  return { kind: "released", under: "emergency" };
}

function isOpened({ opens }: Setting, compartment: string): boolean {
  return opens.kind === "everything" || opens.labels.includes(compartment);
}
