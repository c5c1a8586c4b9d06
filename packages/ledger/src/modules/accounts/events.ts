import { Type } from "typebox";
import { defineEvent } from "../../app/events.ts";
import { AccountId, BlockTime, Hash, Integer, List, OneOf } from "../../schema/types.ts";
import {
  AccountKind,
  AccountReference,
  Delegate,
  DelegationReference,
  MAX_GUARDIANS,
  MemberReference,
  RecoveryReference,
  SetGuardians,
  SetMember,
} from "./schema.ts";

const Approvals = Integer(0, MAX_GUARDIANS);
const Guardians = List(AccountId, { minItems: 1, maxItems: MAX_GUARDIANS });

export const created = defineEvent("accounts.created", Type.Object({ account: AccountId, kind: AccountKind }));
export const keysRotated = defineEvent("accounts.keysRotated", AccountReference);
export const guardiansSet = defineEvent("accounts.guardiansSet", SetGuardians);
export const guardiansRemoved = defineEvent("accounts.guardiansRemoved", AccountReference);

export const recoveryApproved = defineEvent(
  "accounts.recoveryApproved",
  Type.Object({ account: AccountId, recoveryId: Hash, guardians: Guardians, approvals: Approvals }),
);
export const approvalWithdrawn = defineEvent("accounts.approvalWithdrawn", Type.Object({ account: AccountId, guardians: Guardians }));
/** The alarm: unless somebody objects, the account has other keys from `dueAt` on. */
export const recoveryStarted = defineEvent(
  "accounts.recoveryStarted",
  Type.Object({ account: AccountId, recoveryId: Hash, dueAt: BlockTime }),
);
/** Its guardians turned away: too few approve it now. */
export const recoveryStopped = defineEvent("accounts.recoveryStopped", RecoveryReference);
/** The account's own keys put an end to all its open recoveries. */
export const recoveriesEnded = defineEvent(
  "accounts.recoveriesEnded",
  Type.Object({ account: AccountId, cause: OneOf("cancelled", "keys-rotated", "guardians-changed") }),
);
export const recovered = defineEvent("accounts.recovered", RecoveryReference);

export const memberSet = defineEvent("accounts.memberSet", SetMember);
export const memberRemoved = defineEvent("accounts.memberRemoved", MemberReference);
export const delegated = defineEvent("accounts.delegated", Delegate);
export const delegationEnded = defineEvent("accounts.delegationEnded", DelegationReference);

export const events = [
  created,
  keysRotated,
  guardiansSet,
  guardiansRemoved,
  recoveryApproved,
  approvalWithdrawn,
  recoveryStarted,
  recoveryStopped,
  recoveriesEnded,
  recovered,
  memberSet,
  memberRemoved,
  delegated,
  delegationEnded,
];
