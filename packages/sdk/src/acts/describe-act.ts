import type { InnerMessage } from "@galen/ledger/app/context";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { messagesHashOf } from "@galen/ledger/modules/approvals/messages-hash";
import type { Act } from "@galen/ledger/modules/approvals/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import { decodeMessage } from "../proposals/carried-message.ts";
import { accountsActs } from "./accounts.ts";
import type { Telling } from "./act.ts";
import { anchorsActs } from "./anchors.ts";
import { approvalsActs } from "./approvals.ts";
import { credentialsActs } from "./credentials.ts";
import { custodyActs } from "./custody.ts";
import { emergencyActs } from "./emergency.ts";
import { governanceActs } from "./governance.ts";
import { handoverActs } from "./handover.ts";
import { inert } from "./inert.ts";
import type { InEvery, Language } from "./language.ts";
import { recordsActs } from "./records.ts";
import { type Custodians, createSay, type Names } from "./say.ts";
import { tokensActs } from "./tokens.ts";
import { validatorsActs } from "./validators.ts";
import { vaultActs } from "./vault.ts";

/** How every kind of message is told; a test fails when one has no words. */
export const tellings: Readonly<Record<string, Telling>> = {
  ...accountsActs,
  ...governanceActs,
  ...credentialsActs,
  ...custodyActs,
  ...vaultActs,
  ...recordsActs,
  ...approvalsActs,
  ...emergencyActs,
  ...handoverActs,
  ...tokensActs,
  ...validatorsActs,
  ...anchorsActs,
};

export interface DescribeOptions {
  readonly language: Language;
  /** What accounts, records and compartments are called; without it they are told by the beginnings of their ids. */
  readonly names?: Names;
  /** Of the custodians that the act names (`custodiansIn`), what `custodianOrganisations` found. */
  readonly custodians?: Custodians;
  /** A proposal by its id, so that an approval tells what it approves. */
  readonly proposals?: (proposalId: string) => Act | undefined;
}

/** An act in words that a person can judge, with the acts that it carries. Texts from outside are inert. */
export interface DescribedAct {
  readonly title: string;
  readonly lines: readonly string[];
  readonly inside: readonly DescribedAct[];
}

/**
 * Clear signing: an act in words, from the message itself as it will be signed. The words for every kind and language stand in one table; the same
 * words appear wherever something is signed. An act that cannot be told says so, and that it should not be signed.
 */
export function describeAct(message: Message, options: DescribeOptions): DescribedAct {
  const { language, names = () => undefined } = options;
  // One level: a node could tell a proposal that is about itself.
  const { proposals: _, ...inside } = options;
  const telling = Object.hasOwn(tellings, message.type) ? tellings[message.type] : undefined;
  if (!telling) return unknownAct(message.type, language);
  const [title, ...lines] = telling[language](message.value as never, createSay(language, names, options.custodians));
  const carried = carriedBy(message, options);
  const warning = carried === "unknown" || carried === "other" ? [warnings[carried][language]] : [];
  return {
    title,
    lines: [...lines.filter((line) => line !== undefined), ...warning],
    inside: typeof carried === "string" ? [] : describeMessages(carried, inside),
  };
}

const unknownActs: InEvery<(type: string) => readonly [title: string, line: string]> = {
  en: (type) => [`An act of an unknown kind: “${inert(type)}”`, "This program cannot tell what it does. Do not sign it."],
  "zh-CN": (type) => [`未知类型的操作：“${inert(type)}”`, "本程序无法说明其内容，请勿签名。"],
};

function unknownAct(type: string, language: Language): DescribedAct {
  const [title, line] = unknownActs[language](type);
  return { title, lines: [line], inside: [] };
}

const warnings: Readonly<Record<"unknown" | "other", InEvery<string>>> = {
  unknown: {
    en: "What the proposal would do is not known here. Look at it before you sign.",
    "zh-CN": "此处不知道提案的内容，请先查看再签名。",
  },
  other: {
    en: "The proposal that was found is not the one that this approves. Do not sign it.",
    "zh-CN": "找到的提案与所要同意的提案不符，请勿签名。",
  },
};

/** The messages that a message carries or refers to, as far as they are known. */
export function carriedBy(
  { type, value }: Message,
  { proposals }: Pick<DescribeOptions, "proposals">,
): readonly InnerMessage[] | "unknown" | "other" | "none" {
  if (type === "approvals.propose") return (value as { messages: readonly InnerMessage[] }).messages;
  if (!type.startsWith("approvals.")) return "none";
  const { proposalId, messagesHash } = value as { proposalId: string; messagesHash?: string };
  const proposal = proposals?.(proposalId);
  if (!proposal) return "unknown";
  // An approval names the hash; what stands under it is told only if it is that.
  const { proposer, version, messages } = proposal;
  if (messagesHash !== undefined && messagesHashOf({ proposer, version, messages }, portableCrypto) !== messagesHash) return "other";
  return messages;
}

/** The messages of a proposal in words. */
export function describeMessages(messages: readonly InnerMessage[], options: DescribeOptions): readonly DescribedAct[] {
  return messages.map((message) => describeInner(message, options));
}

function describeInner(inner: InnerMessage, options: DescribeOptions): DescribedAct {
  const message = decodeMessage(inner);
  return message ? describeAct(message, options) : unknownAct(inner.type, options.language);
}
