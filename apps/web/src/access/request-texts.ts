import { defineTexts } from "../frame/texts.ts";

/** How a request for access stands, for who asked and for who is asked. */
export const requestTexts = defineTexts({
  en: {
    "state.open": "waits for an answer",
    "state.given": "given",
    "state.declined": "declined",
    "state.withdrawn": "withdrawn",
    "state.expired": "not answered in time",
    everything: "everything",
    unreadable: "certain areas",
    terms: "{{what}} · {{purpose}} · until {{day}}",
    answerBy: "Answer by {{at}}.",
  },
  zh: {
    "state.open": "等待答复",
    "state.given": "已授权",
    "state.declined": "已拒绝",
    "state.withdrawn": "已撤回",
    "state.expired": "逾期未答复",
    everything: "全部",
    unreadable: "某些类别",
    terms: "{{what}} · {{purpose}} · 至 {{day}}",
    answerBy: "请在 {{at}} 之前答复。",
  },
});
