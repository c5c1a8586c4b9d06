import { defineTexts } from "../../frame/texts.ts";

/** The desk of an issuer. */
export const issuerTexts = defineTexts({
  en: {
    title: "Licences and certificates",
    lead: "Issue them, suspend them, take them back. Every check asks the ledger, and sees a change with the next request.",
    who: "Whose",
    whoHint: "Choose somebody to see what the person holds.",
    loading: "Looking up who may issue what …",
  },
  zh: {
    title: "资格管理",
    lead: "在此颁发、暂停或吊销。每次核验都查询账本，更改从下一次请求起生效。",
    who: "持有人",
    whoHint: "请选择一位人员，查看其持有的资格。",
    loading: "正在查询谁可以颁发什么……",
  },
});
