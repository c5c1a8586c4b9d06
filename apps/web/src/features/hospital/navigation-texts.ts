import { defineTexts } from "../../frame/texts.ts";

export const hospitalNavigation = defineTexts({
  en: { file: "Documents", people: "People", cards: "Health cards", proposals: "To sign" },
  zh: { file: "文档", people: "人员", cards: "健康卡", proposals: "待签" },
});
