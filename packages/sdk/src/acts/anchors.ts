import { Publication } from "@galen/ledger/modules/anchors/schema";
import { type Telling, telling } from "./act.ts";

export const anchorsActs: Readonly<Record<string, Telling>> = {
  "anchors.record": telling(Publication, {
    en: ({ height, headerHash, place }, say) => [
      "State where a block was published outside the network",
      `Block: ${say.number(height)}`,
      `Hash of its header: ${say.hash(headerHash)}`,
      `Place: ${say.text(place)}`,
      "Everybody can compare it with the place.",
    ],
    "zh-CN": ({ height, headerHash, place }, say) => [
      "声明某个区块已在网络之外公布",
      `区块：${say.number(height)}`,
      `区块头哈希：${say.hash(headerHash)}`,
      `公布之处：${say.text(place)}`,
      "任何人都可以到该处核对。",
    ],
  }),
};
