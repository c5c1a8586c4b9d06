import { defineTexts } from "../../frame/texts.ts";

export const recordsNoticesTexts = defineTexts({
  en: { unkept: "This browser could not keep your records: without a connection they will not open. The device may be full." },
  zh: { unkept: "本浏览器未能保存您的病历：没有网络时将无法打开。设备存储空间可能已满。" },
});
