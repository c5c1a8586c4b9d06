import { defineTexts } from "../frame/texts.ts";

/** Naming somebody at a desk. */
export const peopleTexts = defineTexts({
  en: {
    hint: "Type a name or an account number, or scan the code that the person shows",
    notFound: "This browser knows nobody of this name. Scan the code that the person shows you.",
    severalFound: "Several people have this name. Scan the person's code, or type the account number.",
    scan: "Scan a code",
    scanForeign: "This code is damaged, or not from Galen. Scan it again, or choose by name.",
    misnamed:
      "The code says “{{name}}”, but this browser knows somebody else by that name. Compare the account number with the person before you go on.",
  },
  zh: {
    hint: "输入姓名或账户编号，或扫描对方出示的二维码",
    notFound: "这里没有叫这个名字的人。请扫描对方出示的二维码。",
    severalFound: "有多人同名。请扫描对方的二维码，或输入账户编号。",
    scan: "扫描二维码",
    scanForeign: "这个二维码已损坏，或不是 Galen 的。请重新扫描，或按姓名选择。",
    misnamed: "二维码自称“{{name}}”，但本浏览器所知叫这个名字的是另一个账户。请先与本人核对账户编号，再继续。",
  },
});
