import { Approve, ProposalReference, Propose } from "@galen/ledger/modules/approvals/schema";
import { type Telling, telling } from "./act.ts";

export const approvalsActs: Readonly<Record<string, Telling>> = {
  "approvals.propose": telling(Propose, {
    en: ({ asked, expiresAt }, say) => [
      "Propose what stands below",
      asked.length === 0 ? "Asked: nobody else" : `Asked to approve: ${say.ids(asked)}`,
      `Until: ${say.time(expiresAt)}`,
      "You approve it by this. It takes effect by itself once enough of those who are asked approve.",
    ],
    "zh-CN": ({ asked, expiresAt }, say) => [
      "提出以下提案",
      asked.length === 0 ? "征求同意：无其他人" : `征求同意：${say.ids(asked)}`,
      `截止：${say.time(expiresAt)}`,
      "签名即表示您同意；足够多的人同意后自动生效。",
    ],
  }),
  "approvals.approve": telling(Approve, {
    en: ({ proposalId }, say) => [
      "Say yes to a proposal",
      `Proposal: ${say.id(proposalId)}`,
      "It counts as your signature under what stands below, as soon as enough others approve.",
    ],
    "zh-CN": ({ proposalId }, say) => ["同意提案", `提案：${say.id(proposalId)}`, "足够多的人同意后，即等同于您对以下内容签名。"],
  }),
  "approvals.decline": telling(ProposalReference, {
    en: ({ proposalId }, say) => [
      "Say no to a proposal",
      `Proposal: ${say.id(proposalId)}`,
      "This is final, and takes back your approval if you gave it.",
    ],
    "zh-CN": ({ proposalId }, say) => ["反对提案", `提案：${say.id(proposalId)}`, "此决定不可更改；若您曾同意，该同意随之撤回。"],
  }),
  "approvals.withdraw": telling(ProposalReference, {
    en: ({ proposalId }, say) => ["Withdraw your proposal", `Proposal: ${say.id(proposalId)}`],
    "zh-CN": ({ proposalId }, say) => ["撤回您的提案", `提案：${say.id(proposalId)}`],
  }),
  "approvals.execute": telling(ProposalReference, {
    en: ({ proposalId }, say) => [
      "Carry out a proposal that is approved",
      `Proposal: ${say.id(proposalId)}`,
      "Nothing new is decided by this.",
    ],
    "zh-CN": ({ proposalId }, say) => ["执行已获同意的提案", `提案：${say.id(proposalId)}`, "这不会作出新的决定。"],
  }),
};
