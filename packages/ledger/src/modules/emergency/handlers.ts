import type { Static } from "typebox";
import type { Context } from "../../app/context.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { hasRole, hasWorkedFor, requireActor } from "../accounts/index.ts";
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

/** `emergency.review`: the owner, or an auditor in the name of a member organisation, says whether it was justified; each side once, the owner also after a delegate. */
export function review(ctx: Context, message: Static<typeof Review>): void {
  const { releaseId, judgement, organisation } = message;
  const use = requireUse(ctx, releaseId);
  const by = organisation === undefined ? requireOwnerSide(ctx, use) : requireAuditor(ctx, organisation, use);
  if (organisation === undefined ? isJudged(ctx, use, by) : use.byAuditor) throw errors.AlreadyReviewed({ releaseId });

  const finding = { judgement, by, at: ctx.time };
  uses.set(ctx, releaseId, {
    ...use,
    ...(organisation === undefined ? { byOwner: finding } : { byAuditor: { ...finding, organisation } }),
  });
  if (organisation !== undefined) unreviewed.delete(ctx, use.at, releaseId);
  ctx.emit(reviewed({ ...message, owner: use.owner, reader: use.reader, by }));
}

/** The signer who is the owner, or who may see the owner's log and is not the reader, from version 4 on. */
function requireOwnerSide(ctx: Context, { owner, reader }: Use): string {
  const by = requireActor(ctx, owner, "log.read", errors.NotReviewer);
  if (by === reader && isFromVersion(ctx, 4)) throw errors.NotReviewer({ owner });
  return by;
}

/** Whether the owner's side has nothing more to say: what the owner says stands, what a delegate said only against delegates, from version 4 on. */
function isJudged(ctx: Context, { owner, byOwner }: Use, by: string): boolean {
  if (byOwner === undefined) return false;
  return byOwner.by === owner || by !== owner || !isFromVersion(ctx, 4);
}

/** The signer who audits for a member of the alliance that is not the reader's house. */
function requireAuditor(ctx: Context, organisation: string, use: Use): string {
  const auditor = ctx.signers.find((signer) => hasRole(ctx, organisation, signer, "auditor"));
  if (auditor === undefined || !isMember(ctx, organisation)) throw errors.NotReviewer({ organisation });
  if (auditor === use.reader || isHouseOf(ctx, organisation, use)) throw errors.OwnHouse({ organisation });
  return auditor;
}

/** Whether the reader is this organisation or has worked for it since; before version 4, whether the reader works for it now. */
function isHouseOf(ctx: Context, organisation: string, { reader, at }: Use): boolean {
  if (!isFromVersion(ctx, 4)) return hasRole(ctx, organisation, reader);
  return organisation === reader || hasWorkedFor(ctx, organisation, reader, at);
}
