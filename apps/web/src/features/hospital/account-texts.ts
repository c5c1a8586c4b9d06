import { defineTexts } from "../../frame/texts.ts";

/** Opening an account for a patient who has none. */
export const accountTexts = defineTexts({
  en: {
    title: "An account for {{name}}",
    making: "Making keys …",
    askFirst:
      "Ask first whether the patient has a wallet already. If so, close this and scan the patient's code: two accounts of one person are never put together.",
    name: "Name",
    nameHint: "It stays in this browser.",
    letterTitle: "The records of {{name}}",
    letterText:
      "These 24 words open your records, and nobody else can bring them back. Keep this sheet where you keep your passport, show it to nobody, and take no picture of it.",
    number: "Account number:",
    letterUse: "To see your records, open {{address}}, choose “Restore a wallet”, and enter the words.",
    print: "Print the sheet",
    handedOver: "The patient has the sheet. The words are forgotten here as soon as this closes.",
    open: "Open the account",
    cancel: "Cancel",
  },
  zh: {
    title: "为 {{name}} 开立账户",
    making: "正在生成密钥……",
    askFirst: "请先询问患者是否已有钱包。如有，请关闭此页并扫描患者的二维码：同一个人的两个账户永远无法合并。",
    name: "姓名",
    nameHint: "只保存在本浏览器。",
    letterTitle: "{{name}} 的病历",
    letterText: "这 24 个单词可打开您的病历，遗失后无人能找回。请像保管护照一样保管这张纸，不要给任何人看，也不要拍照。",
    number: "账户编号：",
    letterUse: "查看病历：打开 {{address}}，选择“恢复钱包”，然后输入这些单词。",
    print: "打印此页",
    handedOver: "患者已拿到这张纸。关闭后，本浏览器不再保留这些单词。",
    open: "开立账户",
    cancel: "取消",
  },
});
