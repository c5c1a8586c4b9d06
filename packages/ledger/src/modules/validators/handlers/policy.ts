import type { Context } from "../../../app/context.ts";
import { requireDecision } from "../../governance/index.ts";
import { policyPlanned } from "../events.ts";
import type { Settings } from "../settings.ts";
import { settings } from "../state.ts";

/** `validators.setPolicy`: by decision; takes over with the next epoch, in place of what was planned before. */
export function setPolicy(ctx: Context, wanted: Settings): void {
  requireDecision(ctx);

  settings.set(ctx, "planned", wanted);
  ctx.emit(policyPlanned(wanted));
}
