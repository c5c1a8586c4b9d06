import { defineTexts } from "../frame/texts.ts";

/** Why somebody reads: codes of HL7 PurposeOfUse in everyday words. */
export const purposeTexts = defineTexts({
  en: {
    TREAT: "Treatment",
    COC: "Coordination of care",
    ETREAT: "Emergency treatment",
    HPAYMT: "Payment",
    COVAUTH: "Approval by the insurer",
    HRESCH: "Research",
    FAMRQT: "Request of the family",
    PATRQT: "Request of the patient",
  },
  zh: {
    TREAT: "治疗",
    COC: "协调诊疗",
    ETREAT: "紧急救治",
    HPAYMT: "费用支付",
    COVAUTH: "保险授权",
    HRESCH: "医学研究",
    FAMRQT: "家属请求",
    PATRQT: "患者请求",
  },
});
