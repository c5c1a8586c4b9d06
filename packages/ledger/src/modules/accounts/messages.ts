import { defineMessage } from "../../app/define-module.ts";
import { CREATE } from "./authenticate.ts";
import { delegate, endDelegation } from "./handlers/delegations.ts";
import { approveRecovery, cancelRecovery, removeGuardians, setGuardians, startRecovery, withdrawApproval } from "./handlers/guardians.ts";
import { create, rotateKeys } from "./handlers/keys.ts";
import { removeMember, setMember } from "./handlers/members.ts";
import {
  AccountReference,
  CreateAccount,
  Delegate,
  DelegationReference,
  MemberReference,
  RecoveryReference,
  RotateKeys,
  SetGuardians,
  SetMember,
  StartRecovery,
} from "./schema.ts";

/** All open recoveries of an account are read and written, with the keys that each of up to 16 guardians proposed. */
const RECOVERY_WEIGHT = 12;

export const messages = [
  defineMessage({
    type: CREATE,
    summary: "Create a pseudonymous account, signed by its own keys.",
    schema: CreateAccount,
    handle: create,
  }),
  defineMessage({
    type: "accounts.rotateKeys",
    summary: "Replace the keys of an account by new ones.",
    schema: RotateKeys,
    handle: rotateKeys,
  }),
  defineMessage({
    type: "accounts.setGuardians",
    summary: "Name the guardians who may together recover the account.",
    schema: SetGuardians,
    handle: setGuardians,
  }),
  defineMessage({
    type: "accounts.removeGuardians",
    summary: "Have no guardians any more.",
    schema: AccountReference,
    handle: removeGuardians,
  }),
  defineMessage({
    type: "accounts.startRecovery",
    summary: "Propose, as a guardian, new keys for an account whose keys are lost.",
    schema: StartRecovery,
    handle: startRecovery,
    weight: RECOVERY_WEIGHT,
  }),
  defineMessage({
    type: "accounts.approveRecovery",
    summary: "Approve, as a guardian, the new keys that another guardian proposed.",
    schema: RecoveryReference,
    handle: approveRecovery,
    weight: RECOVERY_WEIGHT,
  }),
  defineMessage({
    type: "accounts.withdrawApproval",
    summary: "Take back, as a guardian, the approval of a recovery.",
    schema: AccountReference,
    handle: withdrawApproval,
    weight: RECOVERY_WEIGHT,
  }),
  defineMessage({
    type: "accounts.cancelRecovery",
    summary: "End all open recoveries of the account with its present keys.",
    schema: AccountReference,
    handle: cancelRecovery,
  }),
  defineMessage({
    type: "accounts.setMember",
    summary: "Add a member to an organisation or replace its roles.",
    schema: SetMember,
    handle: setMember,
  }),
  defineMessage({
    type: "accounts.removeMember",
    summary: "Remove a member from an organisation.",
    schema: MemberReference,
    handle: removeMember,
  }),
  defineMessage({
    type: "accounts.delegate",
    summary: "Let another account act for the owner within given scopes, until a given time.",
    schema: Delegate,
    handle: delegate,
  }),
  defineMessage({
    type: "accounts.endDelegation",
    summary: "End a delegation, as its owner or as the delegate.",
    schema: DelegationReference,
    handle: endDelegation,
  }),
];
