import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { hasRole, requireActor } from "../accounts/index.ts";
import { isMember } from "../governance/index.ts";
import { logRequest } from "../vault/index.ts";
import { decideEmergency } from "./decision.ts";
import { errors } from "./errors.ts";
import { allowed, forbidden, reviewed, used } from "./events.ts";
import type { Allow, OwnerReference, RequestInEmergency, Review, Use } from "./schema.ts";
import { recent, recentUses, requireUse, settings, unreviewed, uses } from "./state.ts";

/** `emergency.allow`: says what opens without a grant, or says it anew. */
export function allow(ctx: Context, { owner, opens }: Static<typeof Allow>): void {
  const setBy = requireActor(ctx, owner, "vault.grant", errors.NotOwner);

  const setting = { opens, setBy, since: ctx.time };
  settings.set(ctx, owner, setting);
  ctx.emit(allowed({ owner, ...setting }));
}

/** `emergency.forbid`: nothing opens without a grant any more, from the next transaction on. */
export function forbid(ctx: Context, { owner }: Static<typeof OwnerReference>): void {
  const forbiddenBy = requireActor(ctx, owner, "vault.revoke", errors.NotOwner);
  if (!settings.has(ctx, owner)) throw errors.NothingAllowed({ owner });

  settings.delete(ctx, owner);
  ctx.emit(forbidden({ owner, forbiddenBy }));
}

/** `emergency.request`: a request as in the vault, decided by the rules of emergencies; what opens raises the alarm and waits for a review. */
export function request(ctx: Context, message: Static<typeof RequestInEmergency>): void {
  const { releaseId, entry } = logRequest(ctx, { ...message, purpose: "ETREAT" }, (asked) => decideEmergency(ctx, asked));
  const { owner, reader, outcome, at } = entry;
  if (outcome.kind === "refused" || outcome.under !== "emergency") return;

  recent.set(ctx, reader, { times: [...recentUses(ctx, reader), at] });
  uses.set(ctx, releaseId, { owner, reader, at });
  unreviewed.set(ctx, at, releaseId, { releaseId });
  ctx.emit(used({ releaseId, owner, reader, at }));
}

/** `emergency.review`: the owner, or an auditor in the name of a member organisation, says whether it was justified; each side once. */
export function review(ctx: Context, message: Static<typeof Review>): void {
  const { releaseId, judgement, organisation } = message;
  const use = requireUse(ctx, releaseId);
  const by =
    organisation === undefined ? requireActor(ctx, use.owner, "log.read", errors.NotReviewer) : requireAuditor(ctx, organisation, use);
  if (organisation === undefined ? use.byOwner : use.byAuditor) throw errors.AlreadyReviewed({ releaseId });

  const finding = { judgement, by, at: ctx.time };
  uses.set(ctx, releaseId, {
    ...use,
    ...(organisation === undefined ? { byOwner: finding } : { byAuditor: { ...finding, organisation } }),
  });
  if (organisation !== undefined) unreviewed.delete(ctx, use.at, releaseId);
  ctx.emit(reviewed({ ...message, owner: use.owner, reader: use.reader, by }));
}

/** The signer who audits for a member of the alliance for which the reader does not work. */
function requireAuditor(ctx: Context, organisation: string, { reader }: Use): string {
  const auditor = ctx.signers.find((signer) => hasRole(ctx, organisation, signer, "auditor"));
  if (auditor === undefined || !isMember(ctx, organisation)) throw errors.NotReviewer({ organisation });
  if (auditor === reader || hasRole(ctx, organisation, reader)) throw errors.OwnHouse({ organisation });
  return auditor;
}
