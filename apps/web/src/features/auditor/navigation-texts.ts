import { defineTexts } from "../../frame/texts.ts";

export const auditorNavigation = defineTexts({
  en: { reads: "Reads", emergencies: "Emergencies", custodians: "Custodians", traces: "My traces" },
  zh: { reads: "查阅", emergencies: "紧急查阅", custodians: "保管人", traces: "我的痕迹" },
});
