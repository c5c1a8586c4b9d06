import { defineTexts } from "../../frame/texts.ts";

export const walletNavigation = defineTexts({
  en: { records: "Records", access: "Access", log: "Who looked", settings: "Settings" },
  zh: { records: "病历", access: "授权", log: "谁看过", settings: "设置" },
});
