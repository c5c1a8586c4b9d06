import { defineTexts } from "../frame/texts.ts";

/** A proposal: what it would do, who has voted, what stands against it. */
export const proposalTexts = defineTexts({
  en: {
    proposedBy: "Proposed by {{name}}, open until {{at}}",
    proposedPast: "Proposed by {{name}} on {{at}}",
    approved: "Approved",
    declined: "Declined",
    open: "Has not voted",
    nobody: "nobody",
    waitsFor: "What stands against it: {{reason}}",
    theProposal: "what is shown here",
  },
  zh: {
    proposedBy: "由 {{name}} 提出，截止于 {{at}}",
    proposedPast: "由 {{name}} 于 {{at}} 提出",
    approved: "已同意",
    declined: "已拒绝",
    open: "尚未表决",
    nobody: "无",
    waitsFor: "目前的障碍：{{reason}}",
    theProposal: "此处所示内容",
  },
});
