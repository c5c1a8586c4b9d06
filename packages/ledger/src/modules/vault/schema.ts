import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, GroupPoint, Hash, Height, Integer, List, ObjectId, OneOf } from "../../schema/types.ts";
import { Role } from "../accounts/index.ts";
import { CredentialType } from "../governance/index.ts";

/** Objects of one `vault.seal`: their blobs and proofs are checked in one transaction. */
export const MAX_SEALED = 32;
/** Objects of one request, erasure or rewrapping. */
export const MAX_OBJECTS = 64;
/** Compartment labels of one grant. */
export const MAX_LABELS = 16;
const MAX_PURPOSES = 8;
const MAX_READS = 1_000_000;
/** 1 TiB: a genome with its reads fits. */
const MAX_SIZE_BYTES = 1_099_511_627_776;
/** Time in which holders destroy copies of an erased object and nodes its blobs: a month, as GDPR article 12(3) gives for answers. */
export const DESTRUCTION_PERIOD_MS = 2_592_000_000;
/** What one answer lists. */
export const MAX_PAGE = 100;

/** Why somebody reads: HL7 v3 value set PurposeOfUse (code system v3-ActReason), the codes that a health alliance meets. */
export const PurposeOfUse = OneOf(
  "BTG",
  "CAREMGT",
  "CLINTRCH",
  "CLINTRL",
  "CLMATTCH",
  "COC",
  "COVAUTH",
  "COVERAGE",
  "DISASTER",
  "ERTREAT",
  "ETREAT",
  "FAMRQT",
  "FRAUD",
  "HLEGAL",
  "HMARKT",
  "HOPERAT",
  "HPAYMT",
  "HQUALIMP",
  "HRESCH",
  "PATRQT",
  "PATSFTY",
  "POPHLTH",
  "PUBHLTH",
  "PWATRNY",
  "SUPNWK",
  "THREAT",
  "TRAIN",
  "TREAT",
);

export const Compartment = Bytes(32, { description: "opaque label of a compartment: keyed hash that only the owner can name" });

/** How an object opens to others than its owner. `grants`: to whom the owner granted it. */
export const Policy = Type.Object({ compartment: Compartment, release: OneOf("grants") });
export type Policy = Static<typeof Policy>;

const sealed = {
  owner: AccountId,
  policy: Policy,
  ciphertext: Hash,
  ownerCapsule: Hash,
  collectiveCapsule: Hash,
  capsulePoint: GroupPoint,
  sizeBucketBytes: Integer(1, MAX_SIZE_BYTES, { description: "size of the content, padded to a bucket before sealing" }),
};

/** A sealed object as its author hands it in: addresses of its three blobs, U of the collective capsule, and the proof for it. */
export const SealedObject = Type.Object({
  objectId: ObjectId,
  ...sealed,
  capsuleProof: Bytes(64, { description: "proof of knowledge of r with U = r·G, bound to the capsule's label" }),
});
export type SealedObject = Static<typeof SealedObject>;

/** A sealed object on the ledger. */
export const VaultObject = Type.Object({ ...sealed, author: AccountId, createdAt: BlockTime, erasedAt: Type.Optional(BlockTime) });
export type VaultObject = Static<typeof VaultObject>;

/** Which object a group point or a blob belongs to. */
export const Belonging = Type.Object({ objectId: ObjectId });

const Grantee = Type.Union([
  Type.Object({ kind: Type.Literal("person"), account: AccountId }),
  Type.Object({ kind: Type.Literal("organisation"), account: AccountId }),
  Type.Object({ kind: Type.Literal("role"), organisation: AccountId, role: Role }),
]);
const Covers = Type.Union([
  Type.Object({ kind: Type.Literal("compartments"), labels: List(Compartment, { minItems: 1, maxItems: MAX_LABELS }) }),
  Type.Object({ kind: Type.Literal("objects"), ids: List(ObjectId, { minItems: 1, maxItems: MAX_OBJECTS }) }),
  Type.Object({ kind: Type.Literal("everything") }),
]);

const granting = {
  owner: AccountId,
  grantee: Grantee,
  covers: Covers,
  purposes: List(PurposeOfUse, { minItems: 1, maxItems: MAX_PURPOSES }),
  from: BlockTime,
  until: BlockTime,
  reads: Type.Optional(Integer(1, MAX_READS, { description: "how many releases; left out: as many as needed" })),
  credentialType: Type.Optional(CredentialType),
};

export const GrantMessage = Type.Object({ grantId: Hash, ...granting });

export const Grant = Type.Object({
  ...granting,
  grantedBy: AccountId,
  createdAt: BlockTime,
  readsLeft: Type.Optional(Integer(0, MAX_READS)),
  revokedAt: Type.Optional(BlockTime),
});
export type Grant = Static<typeof Grant>;

export const GrantReference = Type.Object({ grantId: Hash });

/** Why a request was refused, in the order in which the rules are checked; the last two without a grant, in an emergency (module emergency). */
export const RefusalReason = OneOf(
  "ObjectErased",
  "NoGrant",
  "NotMember",
  "GrantRevoked",
  "GrantNotYet",
  "GrantExpired",
  "GrantExhausted",
  "WrongPurpose",
  "WrongCompartment",
  "CredentialMissing",
  "CredentialSuspended",
  "CredentialNotValid",
  "EmergencyNotAllowed",
  "TooManyEmergencies",
);
export type RefusalReason = Static<typeof RefusalReason>;

/** By what right a reader got a release; `emergency` by the rules of the module of that name, from ledger version 2 on. */
export const Outcome = Type.Union([
  Type.Object({ kind: Type.Literal("released"), under: OneOf("owner", "delegation", "grant", "emergency") }),
  Type.Object({ kind: Type.Literal("refused"), reason: RefusalReason }),
]);
export type Outcome = Static<typeof Outcome>;

const RequestedObject = Type.Object({ objectId: ObjectId, requestPoint: GroupPoint });

const asking = {
  objects: List(RequestedObject, { minItems: 1, maxItems: MAX_OBJECTS, description: "object and fresh point R = s·G for each" }),
  purpose: PurposeOfUse,
  grantId: Type.Optional(Hash),
  reasonHash: Type.Optional(
    Bytes(32, { description: "SHA-256 of 32 random bytes and the stated reason, which the reader keeps for the review" }),
  ),
};

export const Request = Type.Object({
  ...asking,
  proof: Bytes(64, { description: "proof of knowledge of every s, bound to chain, reader and objects" }),
});

/** Entry of an owner's log: a request and what became of it. Custodians answer `released` ones. */
export const Release = Type.Object({
  number: Integer(0, Number.MAX_SAFE_INTEGER, { description: "place in the owner's log, from 0" }),
  reader: AccountId,
  owner: AccountId,
  ...asking,
  outcome: Outcome,
  at: BlockTime,
  height: Height,
  epoch: Integer(1, Number.MAX_SAFE_INTEGER, { description: "epoch of the collective key" }),
});
export type Release = Static<typeof Release>;

export const ReleaseReference = Type.Object({ releaseId: Hash });

/** That somebody other than the owner may hold an object in clear. */
export const Copy = Type.Object({ holder: AccountId, releaseId: Hash, releasedAt: BlockTime, destroyedAt: Type.Optional(BlockTime) });
export type Copy = Static<typeof Copy>;
export const Holder = Type.Object({ holder: AccountId });

/** A node's statement that it has deleted the blobs of an erased object. */
export const Deletion = Type.Object({ organisation: AccountId, deletedAt: BlockTime });

export const Rewrap = Type.Object({
  objects: List(Type.Object({ objectId: ObjectId, ownerCapsule: Hash }), { minItems: 1, maxItems: MAX_OBJECTS }),
});
export const Erase = Type.Object({ objectIds: List(ObjectId, { minItems: 1, maxItems: MAX_OBJECTS }) });
export const AttestDestruction = Erase;
export const AttestDeletion = Erase;
export const ObjectReference = Type.Object({ objectId: ObjectId });
export const Seal = Type.Object({ objects: List(SealedObject, { minItems: 1, maxItems: MAX_SEALED }) });
