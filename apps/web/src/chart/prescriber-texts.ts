import { defineTexts } from "../frame/texts.ts";

/** Whether whoever wrote a prescription was licensed. */
export const prescriberTexts = defineTexts({
  en: {
    checking: "Checking the prescriber's licence …",
    valid: "Licensed to prescribe",
    validText: "{{author}} held a licence in good standing when this was filed on {{day}}. Your browser has checked it against the ledger.",
    notValid: "Not licensed to prescribe",
    missing: "The ledger shows no licence of {{author}} that counted on {{day}}. Do not hand out anything on it; ask whoever filed it.",
    revoked: "The licence of {{author}} was revoked with effect before {{day}}. Do not hand out anything on it.",
    suspended: "The licence of {{author}} was suspended on {{day}}. Do not hand out anything on it.",
    "issuer-removed": "Who issued the licence of {{author}} was not registered for it on {{day}}. Do not hand out anything on it.",
    "not-yet-valid": "The licence of {{author}} began after {{day}}. Do not hand out anything on it.",
    expired: "The licence of {{author}} had expired on {{day}}. Do not hand out anything on it.",
    unchecked: "The licence could not be checked now",
  },
  zh: {
    checking: "正在核对开方者的执业资格……",
    valid: "开方者有执业资格",
    validText: "{{author}} 在 {{day}} 归档时持有有效的执业资格。您的浏览器已依据账本核对。",
    notValid: "开方者没有有效的执业资格",
    missing: "账本上没有 {{author}} 在 {{day}} 有效的执业资格。请勿据此发药，并询问归档者。",
    revoked: "{{author}} 的执业资格在 {{day}} 之前已被吊销。请勿据此发药。",
    suspended: "{{author}} 的执业资格在 {{day}} 处于暂停状态。请勿据此发药。",
    "issuer-removed": "{{author}} 的执业资格的颁发机构在 {{day}} 没有登记。请勿据此发药。",
    "not-yet-valid": "{{author}} 的执业资格在 {{day}} 之后才生效。请勿据此发药。",
    expired: "{{author}} 的执业资格在 {{day}} 已到期。请勿据此发药。",
    unchecked: "现在无法核对执业资格",
  },
});
