import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, Code, List, OneOf } from "../../schema/types.ts";
import { CredentialType } from "../governance/index.ts";

/** Changes of standing that one credential keeps. The last two places are for a suspension and a revocation, which must always be possible. */
export const MAX_CHANGES = 32;
/** Unexpired credentials of one type that one holder has: bounds what a handler looks through. */
export const MAX_HELD = 64;

const CredentialId = Bytes(32, { description: "random id of the credential" });

/** Why a credential was suspended or revoked. A closed list: nothing about a person's health or conduct is readable here. */
export const ReasonCode = OneOf("administrative", "disciplinary", "safety", "issued-in-error", "holder-request", "superseded");
export type ReasonCode = Static<typeof ReasonCode>;

export const Change = Type.Object({
  to: OneOf("suspended", "reinstated", "revoked"),
  from: BlockTime,
  recordedAt: BlockTime,
  reasonCode: Type.Optional(ReasonCode),
});
export type Change = Static<typeof Change>;

const statement = {
  credentialId: CredentialId,
  holder: AccountId,
  credentialType: CredentialType,
  scope: Type.Optional(Code(64, { description: "where or for what it counts: ISO 3166 country, code of a site or specialty" })),
  claimsHash: Bytes(32, { description: "SHA-256 of the credential itself, which stays off the ledger" }),
  validFrom: BlockTime,
  validUntil: BlockTime,
};

export const IssueCredential = Type.Object(statement);
export type IssueCredential = Static<typeof IssueCredential>;

/** A credential with all its changes, in the order in which they were recorded. */
export const Credential = Type.Object({
  ...statement,
  issuer: AccountId,
  issuedAt: BlockTime,
  changes: List(Change, { maxItems: MAX_CHANGES }),
});
export type Credential = Static<typeof Credential>;

export const HeldCredential = Type.Object({ credentialId: CredentialId });
export const CredentialReference = HeldCredential;
/** `from`: since when the cause exists. */
export const ChangeCredential = Type.Object({
  credentialId: CredentialId,
  from: BlockTime,
  reasonCode: ReasonCode,
});

/** What a credential is worth at a time; anything but "valid" says why not. The first that applies, in this order. */
export const Standing = OneOf("revoked", "suspended", "issuer-removed", "not-yet-valid", "expired", "valid");
export type Standing = Static<typeof Standing>;

const At = Type.Optional(BlockTime);
export const CredentialAt = Type.Object({ credentialId: CredentialId, at: At });
export const HeldAt = Type.Object({ holder: AccountId, credentialType: CredentialType, at: At });
export const CredentialStatus = Type.Object({ credential: Credential, standing: Standing, at: BlockTime });
export const CredentialStatuses = Type.Object({ credentials: List(CredentialStatus, { maxItems: MAX_HELD }) });
