import { defineTexts } from "../../frame/texts.ts";

export const hospitalNavigation = defineTexts({
  en: { file: "Documents", people: "People", proposals: "To sign" },
  zh: { file: "文档", people: "人员", proposals: "待签" },
});
