import { defineTexts, translate } from "../frame/texts.ts";
import { notify, TO_ANYBODY } from "../ui/notify.ts";

const forbiddenTexts = defineTexts({
  en: {
    title: "This browser keeps nothing for Galen",
    text: "Wallets and names last until this page is closed or loaded again. Allow the site to store data, or keep a wallet's words and its key file elsewhere.",
  },
  zh: {
    title: "本浏览器不为 Galen 保存任何内容",
    text: "钱包和姓名只保留到此页面关闭或重新加载为止。请允许本网站存储数据，或将钱包的助记词和密钥文件另行保存。",
  },
});

/** Says what it means that the browser forbids pages to store anything. */
export function tellForbidden(): void {
  void notify({
    id: `${TO_ANYBODY}storage-forbidden`,
    title: translate(forbiddenTexts, "title"),
    message: translate(forbiddenTexts, "text"),
    autoClose: false,
  });
}
