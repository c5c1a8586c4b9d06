import { defineTexts } from "../frame/texts.ts";

/** Measured series; loaded when somebody looks at them. */
export const measurementTexts = defineTexts({
  en: {
    noMeasurements: "Nothing was measured yet",
    noMeasurementsText: "Laboratory values and vital signs appear here as charts.",
    once: "Measured once",
    latest: "{{value}} on {{day}}",
    values_one: "Show one value",
    values_other: "Show all {{count}} values",
    chartSummary: "{{name}}: {{count}} values from {{first}} to {{last}}, latest {{value}}",
    above: "above normal",
    below: "below normal",
  },
  zh: {
    noMeasurements: "还没有测量值",
    noMeasurementsText: "化验值和生命体征会以图表显示在这里。",
    once: "只测过一次",
    latest: "{{day}}：{{value}}",
    values_other: "显示全部 {{count}} 个值",
    chartSummary: "{{name}}：{{first}} 至 {{last}} 共 {{count}} 个值，最近为 {{value}}",
    above: "高于正常值",
    below: "低于正常值",
  },
});
