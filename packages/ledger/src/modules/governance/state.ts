import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { Context, ReadContext } from "../../app/context.ts";
import { errors } from "./errors.ts";
import { type CredentialType, DecisionRule, Issuer, MAX_APPROVALS, MAX_MEMBERS, Member } from "./schema.ts";

type Reading = Pick<ReadContext, "state">;

/** `governance/members/<organisation>` -> Member */
export const members = defineOrderedCollection<[organisation: string], typeof Member>("governance/members", Member);
/** `governance/decision/current` -> DecisionRule */
export const decisionRule = defineCollection<["current"], typeof DecisionRule>("governance/decision", DecisionRule);
/** `governance/issuers/<issuer>` -> Issuer, also of those that are registered no longer */
export const issuers = defineOrderedCollection<[issuer: string], typeof Issuer>("governance/issuers", Issuer);

/** Whether the account is a member of the alliance. */
export function isMember(ctx: Reading, organisation: string): boolean {
  return members.has(ctx, organisation);
}

/** The members of the alliance in the order of their ids. */
export function allMembers(ctx: Reading) {
  return [...members.entries(ctx, { limit: MAX_MEMBERS })].map(([, member]) => member);
}

/** How many of `memberCount` members are more than numerator/denominator of them. */
export function approvalsNeeded({ numerator, denominator }: DecisionRule, memberCount: number): number {
  return Math.floor((memberCount * numerator) / denominator) + 1;
}

/** Whether `memberCount` members can decide in one transaction, and never two groups of them against each other. */
export function canDecide(rule: DecisionRule, memberCount: number): boolean {
  const contradictionFree = rule.numerator < rule.denominator && rule.numerator * 2 >= rule.denominator;
  return contradictionFree && approvalsNeeded(rule, memberCount) <= MAX_APPROVALS;
}

/** Refuses with governance/NotDecided unless enough members of the alliance are among the signers. */
export function requireDecision(ctx: Reading & Pick<Context, "signers">): void {
  const approvals = ctx.signers.filter((signer) => isMember(ctx, signer)).length;
  const needed = approvalsNeeded(decisionRule.get(ctx, "current")!, allMembers(ctx).length);
  if (approvals < needed) throw errors.NotDecided({ approvals, needed });
}

/** What the account is registered to issue at time `at`; an empty list when nothing. Times after the last change count as now. */
export function issuableTypes(ctx: Reading, issuer: string, at: number): readonly CredentialType[] {
  const changes = issuers.get(ctx, issuer)?.changes ?? [];
  return changes.findLast((change) => change.at <= at)?.credentialTypes ?? [];
}
