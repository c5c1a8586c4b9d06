import { defineTexts } from "../frame/texts.ts";

/** The areas by which records are shared. On the ledger they are opaque. */
export const compartmentTexts = defineTexts({
  en: {
    general: "General",
    laboratory: "Laboratory",
    medication: "Medication",
    imaging: "Images",
    home: "Measured at home",
    "substance-use": "Alcohol and drugs",
    "mental-health": "Mental health",
    "sexual-health": "Sexual health",
    genetics: "Genetics",
  },
  zh: {
    general: "一般病历",
    laboratory: "化验",
    medication: "用药",
    imaging: "影像",
    home: "居家测量",
    "substance-use": "酒精与药物使用",
    "mental-health": "心理健康",
    "sexual-health": "性健康",
    genetics: "遗传信息",
  },
});
