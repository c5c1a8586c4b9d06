import { ChangeCredential, CredentialReference, IssueCredential } from "@galen/ledger/modules/credentials/schema";
import { type Telling, telling } from "./act.ts";
import { credentialTypes, reasonCodes } from "./vocabulary.ts";

export const credentialsActs: Readonly<Record<string, Telling>> = {
  "credentials.issue": telling(IssueCredential, {
    en: ({ credentialId, holder, credentialType, scope, claimsHash, validFrom, validUntil }, say) => [
      `Issue a credential: ${say.term(credentialTypes, credentialType)}`,
      `Holder: ${say.id(holder)}`,
      scope === undefined ? undefined : `Counts for: ${say.text(scope)}`,
      `Valid from ${say.time(validFrom)} until ${say.time(validUntil)}`,
      `Number: ${say.id(credentialId)}`,
      `Hash of the certificate: ${say.hash(claimsHash)}`,
    ],
    "zh-CN": ({ credentialId, holder, credentialType, scope, claimsHash, validFrom, validUntil }, say) => [
      `颁发资格：${say.term(credentialTypes, credentialType)}`,
      `持有人：${say.id(holder)}`,
      scope === undefined ? undefined : `适用范围：${say.text(scope)}`,
      `有效期：${say.time(validFrom)} 至 ${say.time(validUntil)}`,
      `编号：${say.id(credentialId)}`,
      `证书的哈希值：${say.hash(claimsHash)}`,
    ],
  }),
  "credentials.suspend": telling(ChangeCredential, {
    en: ({ credentialId, from, reasonCode }, say) => [
      "Suspend a credential",
      `Number: ${say.id(credentialId)}`,
      `Since: ${say.time(from)}`,
      `Reason: ${say.term(reasonCodes, reasonCode)}`,
      "Until it is reinstated it opens nothing.",
    ],
    "zh-CN": ({ credentialId, from, reasonCode }, say) => [
      "暂停资格",
      `编号：${say.id(credentialId)}`,
      `自：${say.time(from)}`,
      `原因：${say.term(reasonCodes, reasonCode)}`,
      "恢复之前，凭此资格不能打开任何病历。",
    ],
  }),
  "credentials.reinstate": telling(CredentialReference, {
    en: ({ credentialId }, say) => ["Reinstate a suspended credential", `Number: ${say.id(credentialId)}`],
    "zh-CN": ({ credentialId }, say) => ["恢复已暂停的资格", `编号：${say.id(credentialId)}`],
  }),
  "credentials.revoke": telling(ChangeCredential, {
    en: ({ credentialId, from, reasonCode }, say) => [
      "Revoke a credential for good",
      `Number: ${say.id(credentialId)}`,
      `Since: ${say.time(from)}`,
      `Reason: ${say.term(reasonCodes, reasonCode)}`,
    ],
    "zh-CN": ({ credentialId, from, reasonCode }, say) => [
      "永久吊销资格",
      `编号：${say.id(credentialId)}`,
      `自：${say.time(from)}`,
      `原因：${say.term(reasonCodes, reasonCode)}`,
    ],
  }),
};
