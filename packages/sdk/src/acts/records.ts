import { Add } from "@galen/ledger/modules/records/schema";
import { type Telling, telling } from "./act.ts";

export const recordsActs: Readonly<Record<string, Telling>> = {
  "records.add": telling(Add, {
    en: ({ organisation, documents }, say) => [
      `File ${documents.length} sealed document${documents.length === 1 ? "" : "s"}`,
      `For: ${say.ids([...new Set(documents.map(({ object }) => object.owner))])}`,
      organisation === undefined ? undefined : `In the name of: ${say.id(organisation)}`,
      "Only the owner can open them, and whoever the owner lets.",
    ],
    "zh-CN": ({ organisation, documents }, say) => [
      `归档 ${documents.length} 份密封文档`,
      `病历所有人：${say.ids([...new Set(documents.map(({ object }) => object.owner))])}`,
      organisation === undefined ? undefined : `以此机构名义：${say.id(organisation)}`,
      "只有所有人及其授权的人可以打开。",
    ],
  }),
};
