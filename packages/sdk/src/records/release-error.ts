import { defineErrors } from "@galen/ledger/app/refusal";
import type { RefusalReason } from "@galen/ledger/modules/vault/schema";

/** Why a read came to nothing after it was asked for. The request itself stands in the owner's log, but for `TooFewReads`, which asks for nothing. */
export const releaseErrors = defineErrors("release", 92_000, {
  ObjectErased: [1, 410, "one of these documents is erased; only its hashes remain"],
  NoGrant: [2, 403, "no grant of the owner lets this account read; ask the owner for one"],
  NotMember: [3, 403, "the grant is for an organisation or role that this account does not have; ask the organisation to enter it"],
  GrantRevoked: [4, 403, "the owner has revoked this grant; ask for a new one"],
  GrantNotYet: [5, 403, "the grant begins later; read again then"],
  GrantExpired: [6, 403, "the grant has ended; ask the owner for a new one"],
  GrantExhausted: [7, 403, "all reads of this grant are used; ask the owner for a new one"],
  WrongPurpose: [8, 403, "the grant is not for this purpose; read for one that it names, or ask the owner"],
  WrongCompartment: [9, 403, "the owner does not open all of these documents to this account; ask only for those that it covers"],
  CredentialMissing: [10, 403, "this needs a credential that this account does not hold; ask its issuer"],
  CredentialSuspended: [11, 403, "the credential that this needs is suspended; ask its issuer"],
  CredentialNotValid: [12, 403, "the credential that this needs is revoked or expired; ask its issuer"],
  EmergencyNotAllowed: [14, 403, "the owner lets nobody read without a grant, not even in an emergency; ask the owner, or a delegate"],
  TooManyEmergencies: [15, 403, "this account has read in as many emergencies within a day as one may; ask a colleague, or the owner"],
  TooFewShares: [
    13,
    503,
    "too few custodians gave a good share, `details` says who failed how; the read is logged, read again when more of them answer",
  ],
  TooFewReads: [
    16,
    403,
    "the grant has too few reads left, one for each 64 documents; read fewer of them, or ask the owner for a new grant",
  ],
} satisfies Readonly<Record<RefusalReason | "TooFewShares" | "TooFewReads", readonly [number, number, string]>>);
