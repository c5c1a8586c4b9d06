import { defineQuery } from "../../app/define-module.ts";
import { errors } from "./errors.ts";
import { Account, AccountReference, Delegation, DelegationReference, MemberReference, Membership, Recoveries } from "./schema.ts";
import { delegations, members, recoveries, requireAccount } from "./state.ts";

export const queries = [
  defineQuery({
    name: "accounts.account",
    summary: "An account: its keys, kind and guardians.",
    parameters: AccountReference,
    result: Account,
    run: (ctx, { account }) => requireAccount(ctx, account),
  }),
  defineQuery({
    name: "accounts.recovery",
    summary: "The recoveries of an account that are open, and when the one that runs is due.",
    parameters: AccountReference,
    result: Recoveries,
    run: (ctx, { account }) => recoveries.get(ctx, account) ?? { account, open: [] },
  }),
  defineQuery({
    name: "accounts.member",
    summary: "The roles of one member of an organisation.",
    parameters: MemberReference,
    result: Membership,
    run(ctx, { organisation, member }) {
      const membership = members.get(ctx, organisation, member);
      if (!membership) throw errors.UnknownMember({ organisation, member });
      return membership;
    },
  }),
  defineQuery({
    name: "accounts.delegation",
    summary: "What an owner has delegated to one delegate.",
    parameters: DelegationReference,
    result: Delegation,
    run(ctx, { owner, delegate }) {
      const delegation = delegations.get(ctx, owner, delegate);
      if (!delegation) throw errors.UnknownDelegation({ owner, delegate });
      return delegation;
    },
  }),
];
