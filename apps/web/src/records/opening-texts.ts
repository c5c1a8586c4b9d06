import { defineTexts } from "../frame/texts.ts";

/** What records and grants are called on the sheet that is signed before they open. */
export const openingTexts = defineTexts({
  en: { grantOf: "access given by {{name}}", thePatient: "the patient", documentNumber: "no. {{number}}" },
  zh: { grantOf: "{{name}} 的授权", thePatient: "患者", documentNumber: "第 {{number}} 号" },
});
