import type { Policy, Settings } from "@galen/ledger/modules/validators/settings";
import type { InEvery } from "./language.ts";
import type { Say } from "./say.ts";

/** 250 -> 2.5 %, from parts of ten thousand. */
function percent(basisPoints: number): string {
  return `${basisPoints / 100} %`;
}

const policyLines: InEvery<(policy: Policy, say: Say) => readonly string[]> = {
  en(policy, say) {
    switch (policy.kind) {
      case "equal":
        return ["Power: one organisation, one vote"];
      case "stake":
        return ["Power: by the shares that each organisation has bonded itself", `One node has at most: ${percent(policy.capBasisPoints)}`];
      case "delegated":
        return [
          `Power: to the ${say.number(policy.seats)} nodes with the most shares bonded by anybody`,
          policy.power === "equal" ? "Every seat weighs the same" : "A seat weighs as its shares",
        ];
      case "work":
        return [
          `Power: by solutions of the last ${say.number(policy.windowEpochs)} epochs`,
          `Aim: ${say.number(policy.solutionsPerEpoch)} solutions in an epoch; at first ${say.number(policy.difficulty)} hashes each`,
          `Share of those who have power now: ${percent(policy.founderBasisPoints)}, gone after ${say.number(policy.fadeEpochs)} epochs`,
        ];
    }
  },
  "zh-CN"(policy, say) {
    switch (policy.kind) {
      case "equal":
        return ["表决权：每家机构一票"];
      case "stake":
        return ["表决权：按各机构自己质押的股份", `单个节点上限：${percent(policy.capBasisPoints)}`];
      case "delegated":
        return [
          `表决权：归获质押股份最多的 ${say.number(policy.seats)} 个节点`,
          policy.power === "equal" ? "各席位权重相同" : "席位权重按股份计算",
        ];
      case "work":
        return [
          `表决权：按最近 ${say.number(policy.windowEpochs)} 个周期的工作量`,
          `目标：每周期 ${say.number(policy.solutionsPerEpoch)} 个解；起初每个解约需 ${say.number(policy.difficulty)} 次哈希`,
          `现有节点保留份额：${percent(policy.founderBasisPoints)}，${say.number(policy.fadeEpochs)} 个周期后归零`,
        ];
    }
  },
};

/** The settings of voting power in words, all of them. */
export const settingsLines: InEvery<(settings: Settings, say: Say) => readonly string[]> = {
  en(settings, say) {
    const { downtime, doubleSign } = settings;
    return [
      ...policyLines.en(settings.policy, say),
      settings.admission === "open" ? "Every member's node may gain power" : "Only nodes that have power now may have some",
      `An epoch: ${say.number(settings.epochBlocks)} blocks; nodes at least: ${say.number(settings.minValidators)}`,
      `A sign of life counts for: ${say.number(settings.readinessBlocks)} blocks`,
      `Shares leave a node after: ${say.number(settings.unbondingEpochs)} epochs`,
      `Rewards of an epoch: ${say.number(settings.epochReward)} shares`,
      `Absent: ${say.number(downtime.maxMissed)} misses in ${say.number(downtime.windowBlocks)} blocks, counted in every ${say.number(downtime.sampleBlocks)}th`,
      `For being absent: excluded for ${say.number(downtime.jailBlocks)} blocks, ${percent(downtime.slashBasisPoints)} of the shares`,
      `For voting twice: excluded for ${say.number(doubleSign.jailBlocks)} blocks, ${percent(doubleSign.slashBasisPoints)} of the shares`,
    ];
  },
  "zh-CN"(settings, say) {
    const { downtime, doubleSign } = settings;
    return [
      ...policyLines["zh-CN"](settings.policy, say),
      settings.admission === "open" ? "所有成员的节点均可获得表决权" : "仅现有节点可有表决权",
      `周期：${say.number(settings.epochBlocks)} 个区块；节点下限：${say.number(settings.minValidators)}`,
      `就绪宣告有效期：${say.number(settings.readinessBlocks)} 个区块`,
      `赎回等待：${say.number(settings.unbondingEpochs)} 个周期`,
      `每周期奖励：${say.number(settings.epochReward)} 份股份`,
      `缺席：${say.number(downtime.windowBlocks)} 个区块内缺席 ${say.number(downtime.maxMissed)} 次，每 ${say.number(downtime.sampleBlocks)} 个区块计一次`,
      `缺席处罚：停权 ${say.number(downtime.jailBlocks)} 个区块，损失股份 ${percent(downtime.slashBasisPoints)}`,
      `重复投票处罚：停权 ${say.number(doubleSign.jailBlocks)} 个区块，损失股份 ${percent(doubleSign.slashBasisPoints)}`,
    ];
  },
};
