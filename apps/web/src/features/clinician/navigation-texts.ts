import { defineTexts } from "../../frame/texts.ts";

export const clinicianNavigation = defineTexts({
  en: { patients: "Patients", emergency: "Emergency" },
  zh: { patients: "患者", emergency: "急救" },
});
