import { type Static, Type } from "typebox";
import { AccountId, BlockTime, Bytes, BytesUpTo, Hash, Integer, List, OneOf } from "../../schema/types.ts";
import { KeyType } from "../../tx/key-type.ts";

/** The devices of a person, or the officers of an organisation. One transaction carries twice as many signatures. */
export const MAX_KEYS = 16;
const MAX_WEIGHT = 1_000;
/** All guardians fit the signers of one transaction. */
export const MAX_GUARDIANS = 16;
/** An hour is the least in which an alarm can be noticed; after 90 days nobody remembers it. */
export const MIN_RECOVERY_DELAY_MS = 3_600_000;
export const MAX_RECOVERY_DELAY_MS = 7_776_000_000;

export const AccountKind = OneOf("person", "organisation", "device", "service");
export type AccountKind = Static<typeof AccountKind>;

/** What a member may be in an organisation. An administrator manages all members but the administrators. */
export const Role = OneOf("administrator", "auditor", "clinician", "laboratory", "member", "nurse", "pharmacist", "researcher");
export type Role = Static<typeof Role>;
const Roles = List(Role, { minItems: 1, maxItems: 8 });

/** What a delegate may do for the owner. */
export const Scope = OneOf("records.read", "records.add", "log.read", "vault.grant", "vault.revoke", "vault.erase");
export type Scope = Static<typeof Scope>;
const Scopes = List(Scope, { minItems: 1, maxItems: 6 });

/** Why somebody acts for the owner. */
export const Ground = OneOf("child", "guardian", "incapacity", "executor", "chosen");

export const AccountKey = Type.Object({
  keyType: KeyType,
  publicKey: BytesUpTo(33, { description: "Ed25519 32 bytes, P-256 compressed 33 bytes" }),
  weight: Integer(1, MAX_WEIGHT),
});

const authority = {
  keys: List(AccountKey, { minItems: 1, maxItems: MAX_KEYS }),
  threshold: Integer(1, MAX_KEYS * MAX_WEIGHT, { description: "key weight that must sign" }),
  recordKey: Bytes(32, { description: "X25519 public key to which documents and answers are sealed" }),
};

/** Who can sign for an account, and to what its documents are sealed. */
export const Authority = Type.Object(authority);
export type Authority = Static<typeof Authority>;

const guardianship = {
  guardians: List(AccountId, { minItems: 1, maxItems: MAX_GUARDIANS }),
  threshold: Integer(1, MAX_GUARDIANS, { description: "guardians who must approve a recovery" }),
  delayMs: Integer(MIN_RECOVERY_DELAY_MS, MAX_RECOVERY_DELAY_MS, { description: "time to object, from the last approval needed" }),
};

export const Guardianship = Type.Object(guardianship);

export const Account = Type.Object({
  ...authority,
  kind: AccountKind,
  createdAt: BlockTime,
  guardianship: Type.Optional(Guardianship),
});
export type Account = Static<typeof Account>;

/** New keys that guardians propose for an account. */
export const Recovery = Type.Object({
  recoveryId: Hash,
  ...authority,
  guardians: List(AccountId, { minItems: 1, maxItems: MAX_GUARDIANS, description: "those who approve" }),
});
export type Recovery = Static<typeof Recovery>;

/** What is proposed for an account, the earliest first, and which of it runs. Every guardian approves at most one recovery of an account. */
export const Recoveries = Type.Object({
  account: AccountId,
  open: List(Recovery, { maxItems: MAX_GUARDIANS }),
  running: Type.Optional(Type.Object({ recoveryId: Hash, dueAt: BlockTime })),
});

export const DueRecovery = Type.Object({ account: AccountId, dueAt: BlockTime });

export const Membership = Type.Object({ roles: Roles, until: Type.Optional(BlockTime) });
export type Membership = Static<typeof Membership>;
export const Leaving = Type.Object({ leftAt: BlockTime });

export const Delegation = Type.Object({ scopes: Scopes, until: BlockTime, ground: Ground });
export type Delegation = Static<typeof Delegation>;

export const CreateAccount = Type.Object({
  ...authority,
  kind: AccountKind,
  salt: Bytes(16, { description: "random; tells accounts with equal keys apart" }),
});
export type CreateAccount = Static<typeof CreateAccount>;

export const AccountReference = Type.Object({ account: AccountId });
export const RotateKeys = Type.Object({ account: AccountId, ...authority });
export const SetGuardians = Type.Object({ account: AccountId, ...guardianship });
export const StartRecovery = RotateKeys;
export const RecoveryReference = Type.Object({ account: AccountId, recoveryId: Hash });

export const MemberReference = Type.Object({ organisation: AccountId, member: AccountId });
export const SetMember = Type.Object({ organisation: AccountId, member: AccountId, roles: Roles, until: Type.Optional(BlockTime) });

export const DelegationReference = Type.Object({ owner: AccountId, delegate: AccountId });
export const Delegate = Type.Object({ owner: AccountId, delegate: AccountId, scopes: Scopes, until: BlockTime, ground: Ground });
