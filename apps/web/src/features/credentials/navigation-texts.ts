import { defineTexts } from "../../frame/texts.ts";

export const credentialsNavigation = defineTexts({
  en: { credentials: "Credentials" },
  zh: { credentials: "资格" },
});
