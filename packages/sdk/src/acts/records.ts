import type { Relation } from "@galen/ledger/modules/records/schema";
import { Add } from "@galen/ledger/modules/records/schema";
import { type Telling, telling } from "./act.ts";
import type { Say } from "./say.ts";
import { labelsOf } from "./vault.ts";

export const recordsActs: Readonly<Record<string, Telling>> = {
  "records.add": telling(Add, {
    en: ({ organisation, documents }, say) => [
      `File ${documents.length} sealed document${documents.length === 1 ? "" : "s"}`,
      `For: ${say.ids([...new Set(documents.map(({ object }) => object.owner))])}`,
      `Filed under: ${say.labels(labelsOf(documents.map(({ object }) => object)))}`,
      organisation === undefined ? undefined : `In the name of: ${say.id(organisation)}`,
      ...relationsOf(documents, say, { replaces: "In place of", corrects: "As a correction of", statementOn: "As a statement on" }, ": "),
      "Only the owner can open them, and whoever the owner lets.",
    ],
    "zh-CN": ({ organisation, documents }, say) => [
      `归档 ${documents.length} 份密封文档`,
      `病历所有人：${say.ids([...new Set(documents.map(({ object }) => object.owner))])}`,
      `归入：${say.labels(labelsOf(documents.map(({ object }) => object)))}`,
      organisation === undefined ? undefined : `以此机构名义：${say.id(organisation)}`,
      ...relationsOf(documents, say, { replaces: "取代", corrects: "更正", statementOn: "说明所针对的文档" }, "："),
      "只有所有人及其授权的人可以打开。",
    ],
  }),
};

type RelationKind = Exclude<Relation["kind"], "none">;

/** To which earlier documents these stand in which way. */
function relationsOf(
  documents: readonly { readonly relation: Relation }[],
  say: Say,
  words: Readonly<Record<RelationKind, string>>,
  colon: string,
): readonly (string | undefined)[] {
  return (Object.keys(words) as RelationKind[]).map((kind) => {
    const targets = documents.flatMap(({ relation }) => (relation.kind === kind ? [relation.objectId] : []));
    return targets.length === 0 ? undefined : `${words[kind]}${colon}${say.ids([...new Set(targets)])}`;
  });
}
