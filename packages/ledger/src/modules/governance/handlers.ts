import type { Static } from "typebox";
import type { Context, WriteContext } from "../../app/context.ts";
import { type Parameters, parameters } from "../../app/parameters.ts";
import { type UpgradePlan, upgrade, version } from "../../app/upgrades.ts";
import { createAccount, requireAccount } from "../accounts/index.ts";
import { errors } from "./errors.ts";
import {
  issuerRegistered,
  issuerRemoved,
  memberAdmitted,
  memberRemoved,
  parametersSet,
  upgradeCancelled,
  upgradeScheduled,
} from "./events.ts";
import {
  type Founding,
  type IssuerReference,
  MAX_APPROVALS,
  MAX_ISSUER_CHANGES,
  type MemberReference,
  type RegisterIssuer,
} from "./schema.ts";
import { allMembers, canDecide, decisionRule, isMember, issuableTypes, issuers, members, requireDecision } from "./state.ts";

/** Genesis: creates the accounts of the founding organisations and makes them members. Throws Error on a document that cannot work. */
export function found(ctx: WriteContext, { members: founders, decision }: Static<typeof Founding>): void {
  if (!canDecide(decision, founders.length))
    throw new Error(`governance: a decision must need more than half of the members, and at most ${MAX_APPROVALS} of them`);
  if (founders.some(({ kind }) => kind !== "organisation")) throw new Error("governance: a founding member must be of kind organisation");

  decisionRule.set(ctx, "current", decision);
  for (const founder of founders) {
    const organisation = createAccount(ctx, founder);
    members.set(ctx, organisation, { organisation, since: ctx.time });
  }
}

/** `governance.admitMember`: by decision, and signed by the new member. */
export function admitMember(ctx: Context, { organisation }: Static<typeof MemberReference>): void {
  requireDecision(ctx);
  if (requireAccount(ctx, organisation).kind !== "organisation") throw errors.NotOrganisation({ organisation });
  if (isMember(ctx, organisation)) throw errors.AlreadyMember({ organisation });
  if (!ctx.signers.includes(organisation)) throw errors.CandidateMustSign({ organisation });
  const memberCount = allMembers(ctx).length;
  if (!canDecide(decisionRule.get(ctx, "current")!, memberCount + 1)) throw errors.AllianceFull({ members: memberCount });

  members.set(ctx, organisation, { organisation, since: ctx.time });
  ctx.emit(memberAdmitted({ organisation }));
}

/** `governance.removeMember`: by decision, or by the member that leaves. */
export function removeMember(ctx: Context, { organisation }: Static<typeof MemberReference>): void {
  if (!ctx.signers.includes(organisation)) requireDecision(ctx);
  if (!isMember(ctx, organisation)) throw errors.NotMember({ organisation });
  if (allMembers(ctx).length === 1) throw errors.LastMember({ organisation });

  members.delete(ctx, organisation);
  ctx.emit(memberRemoved({ organisation }));
}

/** `governance.setParameters`: by decision; they count from the next block on. */
export function setParameters(ctx: Context, wanted: Parameters): void {
  requireDecision(ctx);

  parameters.set(ctx, "current", wanted);
  ctx.emit(parametersSet(wanted));
}

/** `governance.registerIssuer`: by decision; replaces what the issuer was registered for. */
export function registerIssuer(ctx: Context, message: Static<typeof RegisterIssuer>): void {
  const { issuer, credentialTypes } = message;
  requireDecision(ctx);
  requireAccount(ctx, issuer);
  if (new Set(credentialTypes).size !== credentialTypes.length) throw errors.RepeatedType();
  const present = issuableTypes(ctx, issuer, ctx.time);
  if (present.length === credentialTypes.length && credentialTypes.every((type) => present.includes(type)))
    throw errors.UnchangedIssuer({ issuer });
  const changes = issuers.get(ctx, issuer)?.changes ?? [];
  // The last place is kept free: a removal must always be possible.
  if (changes.length >= MAX_ISSUER_CHANGES - 1) throw errors.HistoryFull({ issuer });

  issuers.set(ctx, issuer, { issuer, changes: [...changes, { at: ctx.time, credentialTypes }] });
  ctx.emit(issuerRegistered(message));
}

/** `governance.removeIssuer`: by decision; what it issued is valid no longer, and stays visible. */
export function removeIssuer(ctx: Context, { issuer }: Static<typeof IssuerReference>): void {
  requireDecision(ctx);
  if (issuableTypes(ctx, issuer, ctx.time).length === 0) throw errors.UnknownIssuer({ issuer });

  const { changes } = issuers.get(ctx, issuer)!;
  issuers.set(ctx, issuer, { issuer, changes: [...changes, { at: ctx.time, credentialTypes: [] }] });
  ctx.emit(issuerRemoved({ issuer }));
}

/** `governance.scheduleUpgrade`: by decision; a node that lacks the version stops before that height. */
export function scheduleUpgrade(ctx: Context, plan: Static<typeof UpgradePlan>): void {
  requireDecision(ctx);
  if (upgrade.has(ctx, "planned")) throw errors.UpgradePlanned();
  if (plan.height <= ctx.height + 1) throw errors.TooSoon({ height: plan.height, earliest: ctx.height + 2 });
  const present = version.get(ctx, "current")!.version;
  if (plan.version <= present) throw errors.NotNewer({ version: plan.version, present });

  upgrade.set(ctx, "planned", plan);
  ctx.emit(upgradeScheduled(plan));
}

/** `governance.cancelUpgrade`: by decision. */
export function cancelUpgrade(ctx: Context): void {
  requireDecision(ctx);
  const plan = upgrade.get(ctx, "planned");
  if (!plan) throw errors.NoUpgrade();

  upgrade.delete(ctx, "planned");
  ctx.emit(upgradeCancelled(plan));
}
