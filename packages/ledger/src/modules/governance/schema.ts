import { type Static, Type } from "typebox";
import { UpgradePlan } from "../../app/upgrades.ts";
import { AccountId, BlockTime, Integer, List, OneOf } from "../../schema/types.ts";
import { MAX_SIGNERS } from "../../tx/transaction.ts";
import { CreateAccount } from "../accounts/index.ts";

/** A decision is one transaction; one of its signers may be the organisation that it admits. */
export const MAX_APPROVALS = MAX_SIGNERS - 1;
/** More than half of the members must be able to sign a decision. */
export const MAX_MEMBERS = 2 * MAX_APPROVALS - 1;
/** Changes that the history of one issuer keeps. */
export const MAX_ISSUER_CHANGES = 32;
/** How many issuers one answer lists. */
export const MAX_LISTED_ISSUERS = 32;

/** What an issuer may be registered for, and what a credential says. */
export const CredentialType = OneOf("practitioner-licence", "specialty", "privilege", "training", "degree");
export type CredentialType = Static<typeof CredentialType>;
const MAX_CREDENTIAL_TYPES = 5;

/** A decision needs signatures of more than numerator/denominator of the members, and of more than half in any case. */
export const DecisionRule = Type.Object({
  numerator: Integer(1, 99),
  denominator: Integer(2, 100),
});
export type DecisionRule = Static<typeof DecisionRule>;

export const Member = Type.Object({ organisation: AccountId, since: BlockTime });

/** What an issuer is registered for from a time on; an empty list: for nothing. */
const IssuerChange = Type.Object({ at: BlockTime, credentialTypes: List(CredentialType, { maxItems: MAX_CREDENTIAL_TYPES }) });

/** An issuer with the history of its registration, oldest first, so that "was it registered then" can be asked. */
export const Issuer = Type.Object({ issuer: AccountId, changes: List(IssuerChange, { minItems: 1, maxItems: MAX_ISSUER_CHANGES }) });
export type Issuer = Static<typeof Issuer>;

/** The module's part of the genesis document. */
export const Founding = Type.Object({
  members: List(CreateAccount, { minItems: 1, maxItems: MAX_MEMBERS, description: "founding organisations, created at genesis" }),
  decision: DecisionRule,
});
export type Founding = Static<typeof Founding>;

export const MemberReference = Type.Object({ organisation: AccountId });
export const IssuerReference = Type.Object({ issuer: AccountId });
export const RegisterIssuer = Type.Object({
  issuer: AccountId,
  credentialTypes: List(CredentialType, { minItems: 1, maxItems: MAX_CREDENTIAL_TYPES }),
});
export const Nothing = Type.Object({});

export const Alliance = Type.Object({
  members: List(Member, { minItems: 1, maxItems: MAX_MEMBERS }),
  decision: DecisionRule,
  approvalsNeeded: Integer(1, MAX_MEMBERS, { description: "members that must sign a decision" }),
});
export const IssuersFrom = Type.Object({ from: Type.Optional(AccountId) });
export const Issuers = Type.Object({ issuers: List(Issuer, { maxItems: MAX_LISTED_ISSUERS }) });
export const VersionStatus = Type.Object({ version: Integer(1, 1_000_000), planned: Type.Optional(UpgradePlan) });
