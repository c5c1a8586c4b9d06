import { defineTexts } from "../frame/texts.ts";

/** Around a signature. The act itself is told by the SDK, the same everywhere. */
export const signingTexts = defineTexts({
  en: {
    title: "You are about to sign",
    sign: "Sign and send",
    refuse: "Do not sign",
    frame: "Who, where, until when",
    sending: "Sending …",
    lost: "Nobody knows yet whether it counts. Send it again: it counts once, however often it is sent.",
    again: "Send again",
    giveUp: "Leave it",
  },
  zh: {
    title: "您即将签署",
    sign: "签署并发送",
    refuse: "不签署",
    frame: "签署人、网络与期限",
    sending: "正在发送……",
    lost: "尚不清楚是否已生效。请重新发送：无论发送多少次，只算一次。",
    again: "重新发送",
    giveUp: "不再发送",
  },
});
