export { type Custodian, type CustodianAnswer, type CustodianOptions, type NodeKey, startCustodian } from "./custodian/custodian.ts";
export type { CustodianState, CustodianStatePort, HeldShare, OwnDealing } from "./custodian/custodian-state.ts";
export { errors } from "./custodian/errors.ts";
export type { SealingKey, SealingScheme, ShareBinding } from "./custodian/sealing.ts";
export { auditServed, type ServedFinding, type ServedLogPort } from "./custodian/served-log.ts";
export { type Dealing, type DealOptions, deal } from "./threshold/deal.ts";
export { jointShare, type WeightedShare } from "./threshold/joint-share.ts";
export { type ReleaseShare, type ReleaseShareOptions, releaseShare } from "./threshold/release-share.ts";
