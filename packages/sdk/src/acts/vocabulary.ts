import type { AccountKind, Role, Scope } from "@galen/ledger/modules/accounts/schema";
import type { CredentialType } from "@galen/ledger/modules/governance/schema";
import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { InEvery } from "./language.ts";

/** Codes of the ledger in words. A code without words does not compile. */
export type Vocabulary<Code extends string> = Readonly<Record<Code, InEvery<string>>>;

const word = (en: string, chinese: string): InEvery<string> => ({ en, "zh-CN": chinese });

export const accountKinds: Vocabulary<AccountKind> = {
  person: word("a person", "个人"),
  organisation: word("an organisation", "机构"),
  device: word("a device", "设备"),
  service: word("a service", "服务"),
};

export const roles: Vocabulary<Role> = {
  administrator: word("administrator", "管理员"),
  auditor: word("auditor", "审计员"),
  clinician: word("clinician", "医生"),
  laboratory: word("laboratory worker", "检验人员"),
  member: word("member", "成员"),
  nurse: word("nurse", "护士"),
  pharmacist: word("pharmacist", "药剂师"),
  researcher: word("researcher", "研究人员"),
};

export const scopes: Vocabulary<Scope> = {
  "records.read": word("read the records", "查看病历"),
  "records.add": word("add records", "添加病历"),
  "log.read": word("see who has read", "查看谁看过"),
  "vault.grant": word("let others read", "授权他人查看"),
  "vault.revoke": word("stop others from reading", "撤销他人的授权"),
  "vault.erase": word("erase records", "删除病历"),
};

export const grounds: Vocabulary<"child" | "guardian" | "incapacity" | "executor" | "chosen"> = {
  child: word("parent of a child", "未成年子女的父母"),
  guardian: word("legal guardian", "法定监护人"),
  incapacity: word("the owner cannot decide at present", "本人暂时无法作决定"),
  executor: word("executor of a will", "遗嘱执行人"),
  chosen: word("chosen by the owner", "由本人选定"),
};

export const credentialTypes: Vocabulary<CredentialType> = {
  "practitioner-licence": word("licence to practise", "执业资格"),
  specialty: word("specialty", "专科资格"),
  privilege: word("clinical privilege", "临床权限"),
  training: word("training", "培训证明"),
  degree: word("degree", "学位"),
};

export const reasonCodes: Vocabulary<"administrative" | "disciplinary" | "safety" | "issued-in-error" | "holder-request" | "superseded"> = {
  administrative: word("administrative", "行政原因"),
  disciplinary: word("disciplinary", "纪律原因"),
  safety: word("safety", "安全原因"),
  "issued-in-error": word("issued in error", "误发"),
  "holder-request": word("the holder asked for it", "持有人要求"),
  superseded: word("replaced by a newer one", "已被新证取代"),
};

/** HL7 v3 PurposeOfUse. */
export const purposes: Vocabulary<Grant["purposes"][number]> = {
  BTG: word("breaking the glass", "紧急破例查看"),
  CAREMGT: word("care management", "护理管理"),
  CLINTRCH: word("clinical trial research", "临床试验研究"),
  CLINTRL: word("clinical trial", "临床试验"),
  CLMATTCH: word("attachment to a claim", "理赔附件"),
  COC: word("coordination of care", "协调诊疗"),
  COVAUTH: word("authorisation of cover", "保险授权"),
  COVERAGE: word("insurance cover", "保险承保"),
  DISASTER: word("disaster", "灾难救援"),
  ERTREAT: word("treatment in an emergency department", "急诊治疗"),
  ETREAT: word("emergency treatment", "紧急救治"),
  FAMRQT: word("request of the family", "家属请求"),
  FRAUD: word("detection of fraud", "查处欺诈"),
  HLEGAL: word("legal matters", "法律事务"),
  HMARKT: word("marketing", "市场推广"),
  HOPERAT: word("running of the organisation", "机构运营"),
  HPAYMT: word("payment", "费用支付"),
  HQUALIMP: word("improvement of quality", "质量改进"),
  HRESCH: word("research", "医学研究"),
  PATRQT: word("request of the patient", "患者请求"),
  PATSFTY: word("safety of patients", "患者安全"),
  POPHLTH: word("health of the population", "人群健康"),
  PUBHLTH: word("public health", "公共卫生"),
  PWATRNY: word("power of attorney", "授权代理"),
  SUPNWK: word("support network", "互助支持"),
  THREAT: word("threat to life or safety", "生命或安全威胁"),
  TRAIN: word("training", "教学培训"),
  TREAT: word("treatment", "治疗"),
};
