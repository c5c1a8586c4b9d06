import { defineTexts } from "../../frame/texts.ts";

export const hospitalNavigation = defineTexts({
  en: { file: "Documents", people: "People" },
  zh: { file: "文档", people: "人员" },
});
