import type { Context } from "../../app/context.ts";
import { requireDecision } from "../governance/index.ts";
import { errors } from "./errors.ts";
import { announced } from "./events.ts";
import type { Successor } from "./schema.ts";
import { announcement } from "./state.ts";

/** `handover.announce`: by decision; the last act of a chain, unless another successor is decided on after it. */
export function announce(ctx: Context, successor: Successor): void {
  requireDecision(ctx);
  if (successor.chainId === ctx.chainId) throw errors.SameName();

  announcement.set(ctx, "current", { ...successor, announcedAt: ctx.time });
  ctx.emit(announced(successor));
}
