import { Complain, Confirm, Deal, Justify, OfferKey, StartCeremony } from "@galen/ledger/modules/custody/schema";
import { type Telling, telling } from "./act.ts";

export const custodyActs: Readonly<Record<string, Telling>> = {
  "custody.offerKey": telling(OfferKey, {
    en: ({ organisation, sealingKey }, say) => [
      "Offer the key to which your part of the custodians' common key is to be sealed",
      `As the custodian of: ${say.id(organisation)}`,
      `Public key: ${say.hash(sealingKey)}`,
      "It serves in the next ceremony that names you, and replaces what you have offered before.",
    ],
    "zh-CN": ({ organisation, sealingKey }, say) => [
      "提交一把公钥，用于密封您在保管人共同密钥中的份额",
      `以该机构保管人的身份：${say.id(organisation)}`,
      `公钥：${say.hash(sealingKey)}`,
      "它用于下一次列入您的仪式，并取代您先前提交的公钥。",
    ],
  }),
  "custody.startCeremony": telling(StartCeremony, {
    en: ({ kind, threshold, custodians, windowMs }, say) => [
      kind === "generate" ? "Make the custodians' common key" : "Hand the custodians' common key to these custodians",
      ...say.custodians(custodians.map(({ account }) => account)),
      `Needed to open a record: ${threshold} of ${custodians.length}`,
      `Time for each of three steps: ${say.duration(windowMs)}`,
      kind === "generate" ? undefined : "What was sealed before stays readable. Custodians who are not listed lose their part.",
    ],
    "zh-CN": ({ kind, threshold, custodians, windowMs }, say) => [
      kind === "generate" ? "生成保管人的共同密钥" : "将保管人的共同密钥移交给以下保管人",
      ...say.custodians(custodians.map(({ account }) => account)),
      `打开一份病历需要：${custodians.length} 位中的 ${threshold} 位`,
      `三个步骤各限时：${say.duration(windowMs)}`,
      kind === "generate" ? undefined : "以前密封的内容仍可打开；未列出的保管人将失去其份额。",
    ],
  }),
  "custody.deal": telling(Deal, {
    en: ({ ceremonyId, sealedShares }, say) => [
      "Hand out sealed parts of the common key",
      `Ceremony: ${say.id(ceremonyId)}`,
      `Receivers: ${sealedShares.length}`,
    ],
    "zh-CN": ({ ceremonyId, sealedShares }, say) => [
      "分发共同密钥的密封份额",
      `仪式：${say.id(ceremonyId)}`,
      `接收人数：${sealedShares.length}`,
    ],
  }),
  "custody.complain": telling(Complain, {
    en: ({ ceremonyId, dealer }, say) => [
      "Complain that a part of the common key is missing or wrong",
      `Ceremony: ${say.id(ceremonyId)}`,
      `About custodian number: ${dealer}`,
    ],
    "zh-CN": ({ ceremonyId, dealer }, say) => ["申诉：密钥份额缺失或错误", `仪式：${say.id(ceremonyId)}`, `涉及保管人序号：${dealer}`],
  }),
  "custody.justify": telling(Justify, {
    en: ({ ceremonyId, receiver }, say) => [
      "Answer a complaint by showing a part of the key in the open",
      `Ceremony: ${say.id(ceremonyId)}`,
      `To custodian number: ${receiver}`,
      "Everybody will see this part.",
    ],
    "zh-CN": ({ ceremonyId, receiver }, say) => [
      "公开一份密钥份额以回应申诉",
      `仪式：${say.id(ceremonyId)}`,
      `对应保管人序号：${receiver}`,
      "所有人都会看到这份份额。",
    ],
  }),
  "custody.confirm": telling(Confirm, {
    en: ({ ceremonyId }, say) => ["Confirm that your parts of the common key are good", `Ceremony: ${say.id(ceremonyId)}`],
    "zh-CN": ({ ceremonyId }, say) => ["确认收到的密钥份额无误", `仪式：${say.id(ceremonyId)}`],
  }),
};
