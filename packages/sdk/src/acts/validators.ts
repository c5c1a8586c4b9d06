import { AnnounceReady, Bond, BondReference, FundRewards, NodeReference, Register, Solve } from "@galen/ledger/modules/validators/schema";
import { Settings } from "@galen/ledger/modules/validators/settings";
import { type Telling, telling } from "./act.ts";
import { settingsLines } from "./voting-power.ts";

const nodeActs: Readonly<Record<string, Telling>> = {
  "validators.register": telling(Register, {
    en: ({ organisation, publicKey }, say) => [
      "Register an organisation's node",
      `Organisation: ${say.id(organisation)}`,
      `Key with which it votes on blocks: ${say.hash(publicKey)}`,
      "It has power once it is ready and the policy gives it some.",
    ],
    "zh-CN": ({ organisation, publicKey }, say) => [
      "登记机构的节点",
      `机构：${say.id(organisation)}`,
      `区块投票密钥：${say.hash(publicKey)}`,
      "节点就绪且规则给予表决权后，才有表决权。",
    ],
  }),
  "validators.replaceKey": telling(Register, {
    en: ({ organisation, publicKey }, say) => [
      "Give a node another key",
      `Organisation: ${say.id(organisation)}`,
      `New key: ${say.hash(publicKey)}`,
      "The node votes with it from the next epoch on.",
    ],
    "zh-CN": ({ organisation, publicKey }, say) => [
      "更换节点密钥",
      `机构：${say.id(organisation)}`,
      `新密钥：${say.hash(publicKey)}`,
      "自下一周期起，节点用新密钥投票。",
    ],
  }),
  "validators.announceReady": telling(AnnounceReady, {
    en: ({ organisation, height }, say) => [
      "Announce that a node is ready",
      `Organisation: ${say.id(organisation)}`,
      `It has come to block: ${say.number(height)}`,
    ],
    "zh-CN": ({ organisation, height }, say) => ["宣告节点就绪", `机构：${say.id(organisation)}`, `已同步至区块：${say.number(height)}`],
  }),
  "validators.leave": telling(NodeReference, {
    en: ({ organisation }, say) => [
      "Take a node out of the network",
      `Organisation: ${say.id(organisation)}`,
      "It has no power from the next epoch on.",
    ],
    "zh-CN": ({ organisation }, say) => ["节点退出网络", `机构：${say.id(organisation)}`, "自下一周期起，该节点没有表决权。"],
  }),
  "validators.unjail": telling(NodeReference, {
    en: ({ organisation }, say) => ["Let a node take part again after its exclusion", `Organisation: ${say.id(organisation)}`],
    "zh-CN": ({ organisation }, say) => ["恢复被停权的节点", `机构：${say.id(organisation)}`],
  }),
};

const stakeActs: Readonly<Record<string, Telling>> = {
  "validators.bond": telling(Bond, {
    en: ({ organisation, account, amount }, say) => [
      `Bond ${say.number(amount)} shares to a node`,
      `Node of: ${say.id(organisation)}`,
      `Shares of: ${say.id(account)}`,
      "If the node breaks the rules, a part of them is lost.",
    ],
    "zh-CN": ({ organisation, account, amount }, say) => [
      `向节点质押 ${say.number(amount)} 份股份`,
      `节点所属机构：${say.id(organisation)}`,
      `股份持有方：${say.id(account)}`,
      "若该节点违反规则，将损失其中一部分。",
    ],
  }),
  "validators.unbond": telling(Bond, {
    en: ({ organisation, account, amount }, say) => [
      `Take ${say.number(amount)} shares back from a node`,
      `Node of: ${say.id(organisation)}`,
      `Shares of: ${say.id(account)}`,
      "They can be withdrawn some epochs later, and a part of them can be lost until then.",
    ],
    "zh-CN": ({ organisation, account, amount }, say) => [
      `从节点赎回 ${say.number(amount)} 份股份`,
      `节点所属机构：${say.id(organisation)}`,
      `股份持有方：${say.id(account)}`,
      "须再过若干周期方可提取，在此之前仍可能损失一部分。",
    ],
  }),
  "validators.withdraw": telling(BondReference, {
    en: ({ organisation, account }, say) => [
      "Withdraw the shares that have left a node",
      `Node of: ${say.id(organisation)}`,
      `Shares of: ${say.id(account)}`,
    ],
    "zh-CN": ({ organisation, account }, say) => [
      "提取已到期的赎回股份",
      `节点所属机构：${say.id(organisation)}`,
      `股份持有方：${say.id(account)}`,
    ],
  }),
  "validators.fundRewards": telling(FundRewards, {
    en: ({ account, amount }, say) => [
      `Give ${say.number(amount)} shares for the rewards of nodes`,
      `From: ${say.id(account)}`,
      "They do not come back.",
    ],
    "zh-CN": ({ account, amount }, say) => [`捐出 ${say.number(amount)} 份股份作为节点奖励`, `捐出方：${say.id(account)}`, "不可取回。"],
  }),
};

export const validatorsActs: Readonly<Record<string, Telling>> = {
  ...nodeActs,
  ...stakeActs,
  "validators.solve": telling(Solve, {
    en: ({ organisation, nonces }, say) => [
      `Submit ${say.number(nonces.length)} solutions of the puzzle`,
      `Node of: ${say.id(organisation)}`,
    ],
    "zh-CN": ({ organisation, nonces }, say) => [`提交 ${say.number(nonces.length)} 个谜题解`, `节点所属机构：${say.id(organisation)}`],
  }),
  "validators.setPolicy": telling(Settings, {
    en: (settings, say) => ["Decide what gives voting power", ...settingsLines.en(settings, say), "This takes over with the next epoch."],
    "zh-CN": (settings, say) => ["决定表决权的规则", ...settingsLines["zh-CN"](settings, say), "自下一周期起生效。"],
  }),
};
