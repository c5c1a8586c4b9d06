import { defineTexts } from "../frame/texts.ts";

/** What was found, given or done, by its kind; loaded when somebody looks at it. */
export const kindsTexts = defineTexts({
  en: {
    allergies: "All allergies",
    procedures: "Procedures",
    vaccinations: "Vaccinations",
    images: "Images",
    medication: "All medication",
    conditions: "All conditions",
  },
  zh: {
    allergies: "全部过敏",
    procedures: "检查与手术",
    vaccinations: "疫苗接种",
    images: "影像",
    medication: "全部用药",
    conditions: "全部诊断",
  },
});
