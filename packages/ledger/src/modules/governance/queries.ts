import { defineQuery } from "../../app/define-module.ts";
import { Parameters, parameters } from "../../app/parameters.ts";
import { upgrade, version } from "../../app/upgrades.ts";
import { errors } from "./errors.ts";
import { Alliance, Issuer, IssuerReference, Issuers, IssuersFrom, MAX_LISTED_ISSUERS, Nothing, VersionStatus } from "./schema.ts";
import { allMembers, approvalsNeeded, decisionRule, issuers } from "./state.ts";

export const queries = [
  defineQuery({
    name: "governance.members",
    summary: "The members of the alliance and how many of them a decision needs.",
    parameters: Nothing,
    result: Alliance,
    run(ctx) {
      const members = allMembers(ctx);
      const decision = decisionRule.get(ctx, "current")!;
      return { members, decision, approvalsNeeded: approvalsNeeded(decision, members.length) };
    },
  }),
  defineQuery({
    name: "governance.parameters",
    summary: "The parameters of the network.",
    parameters: Nothing,
    result: Parameters,
    run: (ctx) => parameters.get(ctx, "current")!,
  }),
  defineQuery({
    name: "governance.issuer",
    summary: "An issuer and the history of its registration.",
    parameters: IssuerReference,
    result: Issuer,
    run(ctx, { issuer }) {
      const record = issuers.get(ctx, issuer);
      if (!record) throw errors.UnknownIssuer({ issuer });
      return record;
    },
  }),
  defineQuery({
    name: "governance.issuers",
    summary: "Issuers in the order of their ids, from a given one on, at most 32; also those that were removed.",
    parameters: IssuersFrom,
    result: Issuers,
    run: (ctx, walk) => ({ issuers: [...issuers.entries(ctx, { ...walk, limit: MAX_LISTED_ISSUERS })].map(([, issuer]) => issuer) }),
  }),
  defineQuery({
    name: "governance.upgrade",
    summary: "The version of the ledger that executes, and the upgrade that is planned.",
    parameters: Nothing,
    result: VersionStatus,
    run(ctx) {
      const planned = upgrade.get(ctx, "planned");
      return { version: version.get(ctx, "current")!.version, ...(planned && { planned }) };
    },
  }),
];
