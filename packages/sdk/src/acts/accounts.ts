import { portableCrypto } from "@galen/ledger/crypto/portable";
import { recoveryIdOf } from "@galen/ledger/modules/accounts/account-id";
import { accountIdOf } from "@galen/ledger/modules/accounts/index";
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
} from "@galen/ledger/modules/accounts/schema";
import { checkDigits } from "../accounts/recovery.ts";
import { type Telling, telling } from "./act.ts";
import { accountKinds, grounds, roles, scopes } from "./vocabulary.ts";

interface Keys {
  readonly keys: readonly { readonly weight: number }[];
  readonly threshold: number;
}

/** How many keys of equal weight must sign; undefined where their weights differ, since a number of keys then says nothing. */
function keysNeeded({ keys, threshold }: Keys): number | undefined {
  const [first] = keys;
  const areEqual = keys.every(({ weight }) => weight === first?.weight);
  return areEqual ? Math.ceil(threshold / (first?.weight ?? 1)) : undefined;
}

function keysInEnglish(account: Keys): string {
  const { keys, threshold } = account;
  const needed = keysNeeded(account);
  if (needed !== undefined) return `Keys: ${needed} of ${keys.length} must sign`;
  return `Keys: ${keys.length}, of weight ${keys.map(({ weight }) => weight).join(", ")}; those that sign must weigh ${threshold} together`;
}

function keysInChinese(account: Keys): string {
  const { keys, threshold } = account;
  const needed = keysNeeded(account);
  if (needed !== undefined) return `密钥：共 ${keys.length} 份，须有 ${needed} 份签名`;
  return `密钥：共 ${keys.length} 份，权重为 ${keys.map(({ weight }) => weight).join("、")}；签名密钥的权重合计须达到 ${threshold}`;
}

export const accountsActs: Readonly<Record<string, Telling>> = {
  "accounts.create": telling(CreateAccount, {
    en: (founding, say) => [
      `Create an account for ${say.term(accountKinds, founding.kind)}`,
      `Account: ${say.id(accountIdOf(founding, portableCrypto))}`,
      keysInEnglish(founding),
    ],
    "zh-CN": (founding, say) => [
      `创建账户（${say.term(accountKinds, founding.kind)}）`,
      `账户：${say.id(accountIdOf(founding, portableCrypto))}`,
      keysInChinese(founding),
    ],
  }),
  "accounts.rotateKeys": telling(RotateKeys, {
    en: (rotation, say) => [
      "Replace the keys of an account",
      `Account: ${say.id(rotation.account)}`,
      keysInEnglish(rotation),
      `New keys: ${rotation.keys.map(({ publicKey }) => say.hash(publicKey)).join(", ")}`,
      `Key to which records are sealed: ${say.hash(rotation.recordKey)}`,
      "The old keys sign nothing any more. What they approved in open proposals counts no more.",
    ],
    "zh-CN": (rotation, say) => [
      "更换账户的密钥",
      `账户：${say.id(rotation.account)}`,
      keysInChinese(rotation),
      `新密钥：${rotation.keys.map(({ publicKey }) => say.hash(publicKey)).join("、")}`,
      `用于密封病历的密钥：${say.hash(rotation.recordKey)}`,
      "旧密钥从此不能再签名，它们在未结束的提案中作出的同意也不再计入。",
    ],
  }),
  "accounts.setGuardians": telling(SetGuardians, {
    en: ({ account, guardians, threshold, delayMs }, say) => [
      "Name guardians who can rescue an account",
      `Account: ${say.id(account)}`,
      `Guardians: ${say.ids(guardians)}`,
      `If the keys are lost: ${threshold} of ${guardians.length} guardians together can replace them, after ${say.duration(delayMs)} to object`,
      "They can read nothing by this. They replace those of before.",
    ],
    "zh-CN": ({ account, guardians, threshold, delayMs }, say) => [
      "指定可以找回账户的守护人",
      `账户：${say.id(account)}`,
      `守护人：${say.ids(guardians)}`,
      `密钥丢失时：${guardians.length} 位守护人中有 ${threshold} 位同意，即可在 ${say.duration(delayMs)}的异议期后更换密钥`,
      "守护人不会因此看到任何病历，并取代先前的守护人。",
    ],
  }),
  "accounts.removeGuardians": telling(AccountReference, {
    en: ({ account }, say) => [
      "Have no guardians any more",
      `Account: ${say.id(account)}`,
      "Whoever loses the keys then cannot get the account back.",
    ],
    "zh-CN": ({ account }, say) => ["不再设守护人", `账户：${say.id(account)}`, "此后若密钥丢失，账户将无法找回。"],
  }),
  "accounts.startRecovery": telling(StartRecovery, {
    en: (recovery, say) => [
      "Propose new keys for an account whose keys are lost",
      `Account: ${say.id(recovery.account)}`,
      keysInEnglish(recovery),
      `Digits that the owner reads to you: ${checkDigits(recoveryIdOf(recovery, portableCrypto))}`,
      "Do this only if the owner has asked you in person.",
    ],
    "zh-CN": (recovery, say) => [
      "为丢失密钥的账户提出新密钥",
      `账户：${say.id(recovery.account)}`,
      keysInChinese(recovery),
      `本人须读给您的数字：${checkDigits(recoveryIdOf(recovery, portableCrypto))}`,
      "只有本人当面向您求助时才可以这样做。",
    ],
  }),
  "accounts.approveRecovery": telling(RecoveryReference, {
    en: ({ account, recoveryId }, say) => [
      "Approve new keys for an account whose keys are lost",
      `Account: ${say.id(account)}`,
      `Digits that the owner reads to you: ${checkDigits(recoveryId)}`,
      "Do this only if the owner has asked you in person.",
    ],
    "zh-CN": ({ account, recoveryId }, say) => [
      "同意为丢失密钥的账户启用新密钥",
      `账户：${say.id(account)}`,
      `本人须读给您的数字：${checkDigits(recoveryId)}`,
      "只有本人当面向您求助时才可以这样做。",
    ],
  }),
  "accounts.withdrawApproval": telling(AccountReference, {
    en: ({ account }, say) => ["Take back your approval of new keys", `Account: ${say.id(account)}`],
    "zh-CN": ({ account }, say) => ["撤回您对新密钥的同意", `账户：${say.id(account)}`],
  }),
  "accounts.cancelRecovery": telling(AccountReference, {
    en: ({ account }, say) => ["Stop every recovery of an account", `Account: ${say.id(account)}`, "The present keys stay."],
    "zh-CN": ({ account }, say) => ["停止账户的所有找回", `账户：${say.id(account)}`, "现有密钥保持不变。"],
  }),
  "accounts.setMember": telling(SetMember, {
    en: ({ organisation, member, roles: given, until }, say) => [
      "Make somebody a member of an organisation",
      `Organisation: ${say.id(organisation)}`,
      `Member: ${say.id(member)}`,
      `As: ${say.terms(roles, given)}`,
      until === undefined ? "Until it is changed" : `Until: ${say.time(until)}`,
      "This replaces what the member was before.",
    ],
    "zh-CN": ({ organisation, member, roles: given, until }, say) => [
      "设定机构成员及其岗位",
      `机构：${say.id(organisation)}`,
      `成员：${say.id(member)}`,
      `岗位：${say.terms(roles, given)}`,
      until === undefined ? "有效期：直至更改" : `有效至：${say.time(until)}`,
      "取代该成员先前的岗位。",
    ],
  }),
  "accounts.removeMember": telling(MemberReference, {
    en: ({ organisation, member }, say) => [
      "Remove a member from an organisation",
      `Organisation: ${say.id(organisation)}`,
      `Member: ${say.id(member)}`,
    ],
    "zh-CN": ({ organisation, member }, say) => ["将成员移出机构", `机构：${say.id(organisation)}`, `成员：${say.id(member)}`],
  }),
  "accounts.delegate": telling(Delegate, {
    en: ({ owner, delegate, scopes: given, until, ground }, say) => [
      "Let somebody act for the owner of records",
      `Owner: ${say.id(owner)}`,
      `Who may act: ${say.id(delegate)}`,
      `What they may do: ${say.terms(scopes, given)}`,
      `Why: ${say.term(grounds, ground)}`,
      `Until: ${say.time(until)}`,
      "This replaces what the delegate could do before.",
    ],
    "zh-CN": ({ owner, delegate, scopes: given, until, ground }, say) => [
      "委托他人代为处理病历",
      `病历所有人：${say.id(owner)}`,
      `受托人：${say.id(delegate)}`,
      `受托事项：${say.terms(scopes, given)}`,
      `原因：${say.term(grounds, ground)}`,
      `有效至：${say.time(until)}`,
      "取代先前对该受托人的委托。",
    ],
  }),
  "accounts.endDelegation": telling(DelegationReference, {
    en: ({ owner, delegate }, say) => ["End a delegation", `Owner: ${say.id(owner)}`, `Who may act no more: ${say.id(delegate)}`],
    "zh-CN": ({ owner, delegate }, say) => ["结束委托", `病历所有人：${say.id(owner)}`, `不再受托：${say.id(delegate)}`],
  }),
};
