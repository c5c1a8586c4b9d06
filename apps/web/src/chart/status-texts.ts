import { defineTexts } from "../frame/texts.ts";

/** How things stand, by the codes of FHIR; loaded with what tells it. */
export const statusTexts = defineTexts({
  en: {
    "status.active": "active",
    "status.completed": "completed",
    "status.resolved": "over",
    "status.stopped": "stopped",
    "status.inactive": "inactive",
    "status.available": "available",
    "status.entered-in-error": "retracted: entered in error",
    "status.refuted": "retracted: ruled out",
    "status.low": "low risk",
    "status.high": "high risk",
  },
  zh: {
    "status.active": "进行中",
    "status.completed": "已完成",
    "status.resolved": "已结束",
    "status.stopped": "已停用",
    "status.inactive": "已停止",
    "status.available": "可用",
    "status.entered-in-error": "已撤回：录入有误",
    "status.refuted": "已撤回：已排除",
    "status.low": "低风险",
    "status.high": "高风险",
  },
});
