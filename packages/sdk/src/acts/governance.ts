import { Parameters } from "@galen/ledger/app/parameters";
import { UpgradePlan } from "@galen/ledger/app/upgrades";
import { IssuerReference, MemberReference, Nothing, RegisterIssuer } from "@galen/ledger/modules/governance/schema";
import { type Telling, telling } from "./act.ts";
import { credentialTypes } from "./vocabulary.ts";

export const governanceActs: Readonly<Record<string, Telling>> = {
  "governance.admitMember": telling(MemberReference, {
    en: ({ organisation }, say) => [
      "Admit an organisation to the alliance",
      `Organisation: ${say.id(organisation)}`,
      "It decides with the others from then on.",
    ],
    "zh-CN": ({ organisation }, say) => ["接纳机构加入联盟", `机构：${say.id(organisation)}`, "该机构此后与其他成员共同决策。"],
  }),
  "governance.removeMember": telling(MemberReference, {
    en: ({ organisation }, say) => [
      "Remove an organisation from the alliance",
      `Organisation: ${say.id(organisation)}`,
      "It decides no more. Its records stay.",
    ],
    "zh-CN": ({ organisation }, say) => ["将机构移出联盟", `机构：${say.id(organisation)}`, "该机构不再参与决策，其记录保留。"],
  }),
  "governance.setParameters": telling(Parameters, {
    en: ({ maxBlockBytes, maxTransactionLifetimeMs }, say) => [
      "Set the parameters of the network",
      `Largest block: ${say.number(maxBlockBytes)} bytes`,
      `Transactions may be signed ahead by: ${say.duration(maxTransactionLifetimeMs)}`,
    ],
    "zh-CN": ({ maxBlockBytes, maxTransactionLifetimeMs }, say) => [
      "设定网络参数",
      `区块上限：${say.number(maxBlockBytes)} 字节`,
      `交易最长有效时间：${say.duration(maxTransactionLifetimeMs)}`,
    ],
  }),
  "governance.registerIssuer": telling(RegisterIssuer, {
    en: ({ issuer, credentialTypes: types }, say) => [
      "Let an account issue credentials",
      `Issuer: ${say.id(issuer)}`,
      `Credentials: ${say.terms(credentialTypes, types)}`,
      "This replaces what it was registered for before.",
    ],
    "zh-CN": ({ issuer, credentialTypes: types }, say) => [
      "登记资格颁发机构",
      `颁发机构：${say.id(issuer)}`,
      `可颁发：${say.terms(credentialTypes, types)}`,
      "此登记取代该机构以前的登记。",
    ],
  }),
  "governance.removeIssuer": telling(IssuerReference, {
    en: ({ issuer }, say) => [
      "Let an account issue credentials no more",
      `Issuer: ${say.id(issuer)}`,
      "Everything that it has issued is valid no longer.",
    ],
    "zh-CN": ({ issuer }, say) => ["取消资格颁发机构", `颁发机构：${say.id(issuer)}`, "其已颁发的资格不再有效。"],
  }),
  "governance.scheduleUpgrade": telling(UpgradePlan, {
    en: ({ height, version }, say) => [
      "Plan an upgrade of the network's rules",
      `From block: ${say.number(height)}`,
      `New rules: ledger version ${version}`,
      "A node without the new version stops before that block.",
    ],
    "zh-CN": ({ height, version }, say) => [
      "计划升级网络规则",
      `自区块：${say.number(height)}`,
      `新规则：账本版本 ${version}`,
      "未安装新版本的节点会在该区块之前停止。",
    ],
  }),
  "governance.cancelUpgrade": telling(Nothing, {
    en: () => ["Cancel the planned upgrade", "The network goes on under its present rules."],
    "zh-CN": () => ["取消已计划的升级", "网络继续按现行规则运行。"],
  }),
};
