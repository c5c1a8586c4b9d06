import { defineTexts } from "../frame/texts.ts";

/** What is said in the corner when somebody is asked, or answers. */
export const tellTexts = defineTexts({
  en: {
    asks: "{{name}} asks to see your records",
    asksFor: "{{name}} asks to see the records of {{owner}}",
    asksText: "For: {{purpose}}. Nothing opens before you say yes.",
    proposed: "{{name}} asks for your signature",
    proposedText: "It takes effect only if you approve it.",
    given: "{{name}} has given you access",
    givenText: "You can open the records now.",
    declined: "{{name}} has said no",
    declinedText: "Nothing was opened.",
    "ended.executed": "Your proposal has taken effect",
    "ended.executedText": "Enough of those who were asked have approved it.",
    "ended.declined": "Your proposal was declined",
    "ended.declinedText": "Those who are left cannot carry it.",
    look: "Show",
  },
  zh: {
    asks: "{{name}} 申请查看您的病历",
    asksFor: "{{name}} 申请查看 {{owner}} 的病历",
    asksText: "用途：{{purpose}}。您同意之前不会开放任何内容。",
    proposed: "{{name}} 请您签名",
    proposedText: "只有您同意才会生效。",
    given: "{{name}} 已向您授权",
    givenText: "您现在可以打开病历。",
    declined: "{{name}} 已拒绝",
    declinedText: "没有开放任何内容。",
    "ended.executed": "您的提案已生效",
    "ended.executedText": "被征求者中已有足够多的人同意。",
    "ended.declined": "您的提案被拒绝",
    "ended.declinedText": "其余的人不足以使其通过。",
    look: "查看",
  },
});
