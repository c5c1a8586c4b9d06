import { defineTexts } from "../frame/texts.ts";

/** Who has co-signed a document, and what is none of it. */
export const coSignatureTexts = defineTexts({
  en: {
    checking: "Checking who has co-signed …",
    unchecked: "Who has co-signed could not be checked now",
    holds: "Co-signed by {{author}}",
    holdsText: "For {{house}}, on {{day}}. Your browser has checked against the ledger that it stands under exactly these words.",
    holdsLicensedText:
      "For {{house}}, on {{day}}, with a licence in good standing. Your browser has checked against the ledger that it stands under exactly these words.",
    none: "Does not count as a co-signature",
    otherDocument: "What {{author}} filed on {{day}} names another document.",
    otherText: "What {{author}} filed on {{day}} was signed under other words than these.",
    otherSigner: "{{author}} filed it on {{day}} and names somebody else as the one who signs.",
    ownDocument: "{{author}}, who filed it on {{day}}, is the author of the document.",
    notStaff: "{{author}}, who filed it on {{day}}, did not write in the name of a house.",
    unlicensed: "{{author}} held no licence in good standing when it was filed on {{day}}.",
    repeated: "{{author}} had co-signed before. What was filed on {{day}} adds nothing.",
    about: "This is a signature under another document.",
    look: "Show that document",
    aboutMissing: "The document that was signed is not open here. It may have been erased.",
  },
  zh: {
    checking: "正在核对会签……",
    unchecked: "现在无法核对会签",
    holds: "{{author}} 已会签",
    holdsText: "代表 {{house}}，{{day}}。您的浏览器已依据账本核对：所签正是这份文档的全部内容。",
    holdsLicensedText: "代表 {{house}}，{{day}}，当时执业资格有效。您的浏览器已依据账本核对：所签正是这份文档的全部内容。",
    none: "不能算作会签",
    otherDocument: "{{author}} 于 {{day}} 归档的签名指向另一份文档。",
    otherText: "{{author}} 于 {{day}} 归档的签名所签的不是这份内容。",
    otherSigner: "由 {{author}} 于 {{day}} 归档，但其中写明的签名人是别人。",
    ownDocument: "{{day}} 归档此签名的 {{author}} 就是文档的作者。",
    notStaff: "{{day}} 归档此签名的 {{author}} 不是以机构名义签署的。",
    unlicensed: "{{author}} 在 {{day}} 归档时没有有效的执业资格。",
    repeated: "{{author}} 此前已经会签。{{day}} 归档的签名没有增加任何内容。",
    about: "这是对另一份文档的签名。",
    look: "查看该文档",
    aboutMissing: "所签的文档没有在这里打开，可能已被删除。",
  },
});
