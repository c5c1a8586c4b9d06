import { defineTexts } from "../../frame/texts.ts";

export const clinicianNavigation = defineTexts({
  en: { patients: "Patients", requests: "Requests", proposals: "To sign", emergency: "Emergency" },
  zh: { patients: "患者", requests: "申请", proposals: "待签", emergency: "急救" },
});
