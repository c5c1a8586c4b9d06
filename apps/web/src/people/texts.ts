import { defineTexts } from "../frame/texts.ts";

/** Naming somebody at a desk. */
export const peopleTexts = defineTexts({
  en: {
    hint: "A name that this browser knows, or an account number",
    notFound: "Nobody of this name is known here. Scan the code that the person shows you.",
    severalFound: "Several people have this name. Scan the person's code, or type the account number.",
    scan: "Scan a code",
    scanForeign: "This code is none of Galen.",
  },
  zh: {
    hint: "本浏览器认识的名字，或账户编号",
    notFound: "这里没有叫这个名字的人。请扫描对方出示的二维码。",
    severalFound: "有多人同名。请扫描对方的二维码，或输入账户编号。",
    scan: "扫描二维码",
    scanForeign: "这不是 Galen 的二维码。",
  },
});
