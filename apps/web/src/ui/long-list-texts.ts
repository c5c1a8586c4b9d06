import { defineTexts } from "../frame/texts.ts";

export const longListTexts = defineTexts({
  en: {
    more_one: "Show the last one",
    more_other: "Show {{count}} more of {{rest}}",
    notOnPaper_one: "One more is not on this paper.",
    notOnPaper_other: "{{count}} more are not on this paper.",
  },
  zh: {
    more_other: "再显示 {{count}} 项（还有 {{rest}} 项）",
    notOnPaper_other: "另有 {{count}} 项未打印。",
  },
});
