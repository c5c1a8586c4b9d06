import { Allow, OwnerReference, RequestInEmergency, Review } from "@galen/ledger/modules/emergency/schema";
import { type Telling, telling } from "./act.ts";

export const emergencyActs: Readonly<Record<string, Telling>> = {
  "emergency.allow": telling(Allow, {
    en: ({ owner, opens }, say) => [
      "Allow reading in an emergency without a grant",
      `Whose records: ${say.id(owner)}`,
      `What it opens: ${opens.kind === "everything" ? "all records, also those that are filed later" : `everything filed under ${say.labels(opens.labels)}, also later`}`,
      "Who may read: everybody with a valid licence to practise, who must state a reason",
      "The owner is told at once, and every such reading is reviewed. This replaces what was allowed before, and the owner can end it at any time.",
    ],
    "zh-CN": ({ owner, opens }, say) => [
      "允许在紧急情况下无需授权查看病历",
      `谁的病历：${say.id(owner)}`,
      `可以查看：${opens.kind === "everything" ? "全部病历，包括以后归档的" : `归入 ${say.labels(opens.labels)} 的全部病历，包括以后归档的`}`,
      "谁可以查看：任何持有有效执业资格并说明理由的人",
      "病历所有人会立即收到通知，每次查看都会接受复核。此设定取代先前的，病历所有人可以随时取消。",
    ],
  }),
  "emergency.forbid": telling(OwnerReference, {
    en: ({ owner }, say) => [
      "Forbid reading without a grant, also in an emergency",
      `Whose records: ${say.id(owner)}`,
      "If the owner is unconscious, nobody can read them but those who have been let.",
    ],
    "zh-CN": ({ owner }, say) => [
      "禁止无授权查看病历，紧急情况亦然",
      `谁的病历：${say.id(owner)}`,
      "若病历所有人失去意识，只有已获授权的人才能查看。",
    ],
  }),
  "emergency.request": telling(RequestInEmergency, {
    en: ({ objects }, say) => [
      `Read ${objects.length} record${objects.length === 1 ? "" : "s"} in an emergency, without a grant`,
      `Which: ${say.firstIds(objects.map(({ objectId }) => objectId))}`,
      "For: emergency treatment",
      "The patient is told at once. You must answer for your reason in a review.",
    ],
    "zh-CN": ({ objects }, say) => [
      `在紧急情况下无授权查看 ${objects.length} 份病历`,
      `病历：${say.firstIds(objects.map(({ objectId }) => objectId))}`,
      "用途：紧急救治",
      "患者会立即收到通知；您须在复核中对所述理由负责。",
    ],
  }),
  "emergency.review": telling(Review, {
    en: ({ releaseId, judgement, organisation }, say) => [
      judgement === "justified" ? "Find a reading in an emergency justified" : "Find a reading in an emergency not justified",
      `Reading: ${say.id(releaseId)}`,
      organisation === undefined ? "As the owner of the records" : `As an auditor of: ${say.id(organisation)}`,
      "This is final.",
    ],
    "zh-CN": ({ releaseId, judgement, organisation }, say) => [
      judgement === "justified" ? "认定一次紧急查看是正当的" : "认定一次紧急查看是不正当的",
      `查看编号：${say.id(releaseId)}`,
      organisation === undefined ? "身份：病历所有人" : `身份：${say.id(organisation)} 的审计员`,
      "此认定不可更改。",
    ],
  }),
};
