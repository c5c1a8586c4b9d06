import { Successor } from "@galen/ledger/modules/handover/schema";
import { type Telling, telling } from "./act.ts";

export const handoverActs: Readonly<Record<string, Telling>> = {
  "handover.announce": telling(Successor, {
    en: ({ chainId, successorHash }, say) => [
      "End this network for good",
      `Everything goes on in the network ${say.text(chainId)}`,
      `Its founding document: ${say.hash(successorHash)}`,
      "From then on this network takes nothing but another founding document, should this one fail.",
      "This cannot be undone.",
    ],
    "zh-CN": ({ chainId, successorHash }, say) => [
      "永久结束本网络",
      `一切将在网络 ${say.text(chainId)} 中继续`,
      `其创立文件：${say.hash(successorHash)}`,
      "此后本网络只接受另一份创立文件，以备此份无法使用。",
      "此操作不可撤回。",
    ],
  }),
};
