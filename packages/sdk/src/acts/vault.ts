import {
  AttestDeletion,
  AttestDestruction,
  Erase,
  type Grant,
  GrantMessage,
  GrantReference,
  Request,
  Rewrap,
  Seal,
  type SealedObject,
} from "@galen/ledger/modules/vault/schema";
import { type Telling, telling } from "./act.ts";
import type { Say } from "./say.ts";
import { credentialTypes, purposes, roles } from "./vocabulary.ts";

type Grantee = Grant["grantee"];
type Covers = Grant["covers"];

function granteeInEnglish(grantee: Grantee, say: Say): string {
  if (grantee.kind === "person") return say.id(grantee.account);
  if (grantee.kind === "organisation") return `everybody who works at ${say.id(grantee.account)}`;
  return `every ${say.term(roles, grantee.role)} at ${say.id(grantee.organisation)}`;
}

function granteeInChinese(grantee: Grantee, say: Say): string {
  if (grantee.kind === "person") return say.id(grantee.account);
  if (grantee.kind === "organisation") return `${say.id(grantee.account)} 的所有工作人员`;
  return `${say.id(grantee.organisation)} 的所有${say.term(roles, grantee.role)}`;
}

function coversInEnglish(covers: Covers, say: Say): string {
  if (covers.kind === "everything") return "all records, also those that are filed later";
  if (covers.kind === "objects") return `${covers.ids.length} single record${covers.ids.length === 1 ? "" : "s"}: ${say.ids(covers.ids)}`;
  return `everything filed under ${say.labels(covers.labels)}, also later`;
}

function coversInChinese(covers: Covers, say: Say): string {
  if (covers.kind === "everything") return "全部病历，包括以后归档的";
  if (covers.kind === "objects") return `${covers.ids.length} 份病历：${say.ids(covers.ids)}`;
  return `归入 ${say.labels(covers.labels)} 的全部病历，包括以后归档的`;
}

/** The labels under which objects are filed: a grant of one of them opens them. */
export function labelsOf(objects: readonly Pick<SealedObject, "policy">[]): readonly string[] {
  return [...new Set(objects.map(({ policy }) => policy.compartment))];
}

const count = (many: number) => `${many} record${many === 1 ? "" : "s"}`;

export const vaultActs: Readonly<Record<string, Telling>> = {
  "vault.seal": telling(Seal, {
    en: ({ objects }, say) => [
      `Keep ${count(objects.length)} in the vault`,
      `Whose: ${say.ids([...new Set(objects.map(({ owner }) => owner))])}`,
      `Filed under: ${say.labels(labelsOf(objects))}`,
      "Only the owner can open them, and whoever the owner lets.",
    ],
    "zh-CN": ({ objects }, say) => [
      `密封保存 ${objects.length} 份病历`,
      `所有人：${say.ids([...new Set(objects.map(({ owner }) => owner))])}`,
      `归入：${say.labels(labelsOf(objects))}`,
      "只有所有人及其授权的人可以打开。",
    ],
  }),
  "vault.grant": telling(GrantMessage, {
    en: ({ owner, grantee, covers, purposes: given, from, until, reads, credentialType }, say) => [
      "Let somebody read records",
      `Who may read: ${granteeInEnglish(grantee, say)}`,
      `Whose records: ${say.id(owner)}`,
      `What it opens: ${coversInEnglish(covers, say)}`,
      `For: ${say.terms(purposes, given)}`,
      from === 0 ? `Until: ${say.time(until)}` : `From ${say.time(from)} until ${say.time(until)}`,
      reads === undefined ? "How often: as often as needed" : `How often: at most ${say.number(reads)} times`,
      credentialType === undefined ? undefined : `Only with a valid ${say.term(credentialTypes, credentialType)}`,
      "No key is handed out. Every reading is logged, and the owner of the records can end this at any time.",
    ],
    "zh-CN": ({ owner, grantee, covers, purposes: given, from, until, reads, credentialType }, say) => [
      "授权他人查看病历",
      `谁可以查看：${granteeInChinese(grantee, say)}`,
      `谁的病历：${say.id(owner)}`,
      `可以查看：${coversInChinese(covers, say)}`,
      `用途：${say.terms(purposes, given)}`,
      from === 0 ? `有效至：${say.time(until)}` : `有效期：${say.time(from)} 至 ${say.time(until)}`,
      reads === undefined ? "次数：不限" : `次数：最多 ${say.number(reads)} 次`,
      credentialType === undefined ? undefined : `条件：持有有效的${say.term(credentialTypes, credentialType)}`,
      "不会交出任何密钥。每次查看都有记录，病历所有人可以随时撤销。",
    ],
  }),
  "vault.revoke": telling(GrantReference, {
    en: ({ grantId }, say) => ["End a grant at once", `Grant: ${say.id(grantId)}`, "What was read before stays known to the reader."],
    "zh-CN": ({ grantId }, say) => ["立即撤销授权", `授权：${say.id(grantId)}`, "此前已查看的内容，查看者仍然知晓。"],
  }),
  "vault.request": telling(Request, {
    en: ({ objects, purpose, grantId, reasonHash }, say) => [
      `Ask to read ${count(objects.length)}`,
      `Which: ${say.firstIds(objects.map(({ objectId }) => objectId))}`,
      `For: ${say.term(purposes, purpose)}`,
      grantId === undefined ? undefined : `Under grant: ${say.id(grantId)}`,
      reasonHash === undefined ? undefined : "A stated reason is kept for the review",
      "The owner sees this request, whether it is granted or not.",
    ],
    "zh-CN": ({ objects, purpose, grantId, reasonHash }, say) => [
      `请求查看 ${objects.length} 份病历`,
      `病历：${say.firstIds(objects.map(({ objectId }) => objectId))}`,
      `用途：${say.term(purposes, purpose)}`,
      grantId === undefined ? undefined : `依据授权：${say.id(grantId)}`,
      reasonHash === undefined ? undefined : "已陈述理由，留待复核",
      "无论是否获准，病历所有人都会看到此请求。",
    ],
  }),
  "vault.rewrap": telling(Rewrap, {
    en: ({ objects }, say) => [
      `Make ${count(objects.length)} readable with your new keys`,
      `Which: ${say.ids(objects.map(({ objectId }) => objectId))}`,
      "The old keys open them no more.",
    ],
    "zh-CN": ({ objects }, say) => [
      `用新密钥重新封装 ${objects.length} 份病历`,
      `病历：${say.ids(objects.map(({ objectId }) => objectId))}`,
      "旧密钥不再能打开它们。",
    ],
  }),
  "vault.erase": telling(Erase, {
    en: ({ objectIds }, say) => [
      `Erase ${count(objectIds.length)} for good`,
      `Which: ${say.ids(objectIds)}`,
      "This cannot be undone. Whoever holds a copy must destroy it within 30 days.",
    ],
    "zh-CN": ({ objectIds }, say) => [
      `永久删除 ${objectIds.length} 份病历`,
      `病历：${say.ids(objectIds)}`,
      "此操作不可恢复。持有副本者须在 30 天内销毁。",
    ],
  }),
  "vault.attestDestruction": telling(AttestDestruction, {
    en: ({ objectIds }, say) => [
      `State that your copies of ${count(objectIds.length)} are destroyed`,
      `Which: ${say.ids(objectIds)}`,
      "You are answerable for this statement.",
    ],
    "zh-CN": ({ objectIds }, say) => [`声明已销毁 ${objectIds.length} 份病历的副本`, `病历：${say.ids(objectIds)}`, "您对此声明负责。"],
  }),
  "vault.attestDeletion": telling(AttestDeletion, {
    en: ({ objectIds }, say) => [
      `State that your organisation's nodes have deleted ${count(objectIds.length)}`,
      `Which: ${say.ids(objectIds)}`,
      "Your organisation is answerable for this statement.",
    ],
    "zh-CN": ({ objectIds }, say) => [
      `声明本机构的节点已删除 ${objectIds.length} 份病历`,
      `病历：${say.ids(objectIds)}`,
      "贵机构对此声明负责。",
    ],
  }),
};
