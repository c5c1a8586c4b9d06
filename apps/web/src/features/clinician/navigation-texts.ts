import { defineTexts } from "../../frame/texts.ts";

export const clinicianNavigation = defineTexts({
  en: { patients: "Patients", requests: "Requests", emergency: "Emergency" },
  zh: { patients: "患者", requests: "申请", emergency: "急救" },
});
