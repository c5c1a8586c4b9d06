export { accountsOfKeys, type OpenedAccount, openedAccount } from "./accounts/accounts-of-keys.ts";
export { fetchAccount } from "./accounts/fetch-account.ts";
export {
  checkDigits,
  fetchRecoveries,
  isRecovered,
  type KnownRecoveries,
  parseRecoveryCode,
  type RecoveryRequest,
  recoveryCode,
  recoveryIdFor,
  recoveryRequest,
  startRecovery,
} from "./accounts/recovery.ts";
export { delegationsBy, delegationsTo, guardedBy, type KnownDelegation } from "./accounts/relations.ts";
export { type DescribedAct, type DescribeOptions, describeAct, describeMessages } from "./acts/describe-act.ts";
export { actText, type DescribedBody, describeBody } from "./acts/describe-body.ts";
export { inert } from "./acts/inert.ts";
export { type Language, languages } from "./acts/language.ts";
export type { Names } from "./acts/say.ts";
export type { Actor } from "./client/actor.ts";
export { type Client, type ClientOptions, createClient } from "./client/client.ts";
export { custodianNodes, type NodePeers, type PeerNode, peers } from "./client/custodian-nodes.ts";
export { type FetchOptions, fetchObjects, type ObjectPart } from "./client/fetch-objects.ts";
export { GalenError } from "./client/galen-error.ts";
export { inParallel } from "./client/in-parallel.ts";
export { query } from "./client/query.ts";
export type { QueryResult } from "./client/query-kind.ts";
export { requestShares, type SharesOptions } from "./client/request-shares.ts";
export { rules } from "./client/rules.ts";
export { chainIdOf, genesis, type NodeStatus, status } from "./client/status.ts";
export { type StoredBlobs, type StoreOptions, storeBlobs } from "./client/store-blobs.ts";
export { afterHeight, type Notice, type SubscribeOptions, subscribe } from "./client/subscribe.ts";
export { listValidatorSets, type PastValidatorSet } from "./client/validator-sets.ts";
export { type AuditFinding, auditCustodian, type CustodianAudit, type EntryReference } from "./custody/audit-custodian.ts";
export { custodianOrganisations, custodiansIn, type NamedCustodian } from "./custody/custodian-organisations.ts";
export { type AccountKeys, accountKeys, type KeyPair } from "./keys/account-keys.ts";
export { compartmentLabel } from "./keys/compartment-label.ts";
export { KeyError, type KeyErrorCode } from "./keys/key-error.ts";
export { openKeyFile, type Scrypt, sealKeyFile } from "./keys/key-file.ts";
export { createP256Signer } from "./keys/p256-key.ts";
export { type RandomSource, webRandom } from "./keys/random.ts";
export { createSeedWords, seedFromWords } from "./keys/seed.ts";
export { createEd25519Signer, type Signer } from "./keys/signer.ts";
export { openWordsFile, sealWordsFile, type WordsFile } from "./keys/words-file.ts";
export { createLightClient, type LightClient, type LightClientOptions, type LightOutcome } from "./light/client.ts";
export type { LightProvider } from "./light/provider.ts";
export { createRpcProvider } from "./light/rpc-provider.ts";
export { type KnownMember, listMembers } from "./organisations/members.ts";
export { type AnchorVerdict, checkAnchor, listAnchors, signedHeaderHash } from "./proofs/anchors.ts";
export { fetchStateProof } from "./proofs/fetch-proof.ts";
export { fetchTransactionProof } from "./proofs/fetch-transaction-proof.ts";
export { type FollowOptions, followValidators } from "./proofs/follow-validators.ts";
export type { KnownForm } from "./proofs/known-form.ts";
export { createNodeProvider } from "./proofs/node-provider.ts";
export type { Proof } from "./proofs/proof.ts";
export { createProofFile, parseProofFile, type VerifiedProofs, verifyProofFile, verifyProofs } from "./proofs/proof-file.ts";
export { type ProvenRecord, readProven } from "./proofs/read-proven.ts";
export type { ProofContext } from "./proofs/signed-header.ts";
export { type Trust, trustOfGenesis } from "./proofs/trust.ts";
export { type SubjectKind, type VerifiedSubject, verifySubject, verifySubjectFile } from "./proofs/verify-subject.ts";
export { fetchProposal, type KnownProposal, listProposals } from "./proposals/proposal.ts";
export {
  approveProposal,
  declineProposal,
  executeProposal,
  type ProposeOptions,
  propose,
  type Vote,
  withdrawProposal,
} from "./proposals/vote.ts";
export {
  type AccessProposal,
  type AccessRequest,
  type AskedAccess,
  type AskOptions,
  accessProposal,
  allowingMessages,
  askAccess,
  type Granting,
  type RequestState,
  readAccessRequest,
  requestStateOf,
  type Wanted,
} from "./records/access-request.ts";
export { type FiledDocument, type FileOptions, type Filing, fileDocuments } from "./records/file-documents.ts";
export { type GrantOptions, grantAccess, revokeAccess } from "./records/grants.ts";
export {
  listDelegations,
  listGrants,
  listGuardianships,
  listRecords,
  listReleases,
  type Page,
  type PageOptions,
  type Row,
} from "./records/listings.ts";
export { deriveObjectId } from "./records/object-id.ts";
export { type CommittedReason, commitReason, type EmergencyOptions, fitsReason, readEmergency } from "./records/read-emergency.ts";
export { type GrantedReading, type ReadOptions, readGranted } from "./records/read-granted.ts";
export { type OpenedObject, type ReadOwnOptions, readOwn } from "./records/read-own.ts";
export { type CountOptions, countReleases, type ReleaseCount } from "./records/release-counts.ts";
export { type LoggedRelease, releaseLog } from "./records/release-log.ts";
export { type ReopenOptions, reopenRecords } from "./records/reopen-records.ts";
export { type RewrapOptions, rewrapOwn } from "./records/rewrap-own.ts";
export type { NewDocument } from "./records/seal-document.ts";
export { type KnownObject, knownObjects } from "./records/sealed-object.ts";
export type { OnUnreadable, UnreadableObject } from "./records/unreadable.ts";
export type { CustodianFailure } from "./release/collect-shares.ts";
export { SealError, type SealErrorCode } from "./seal/seal-error.ts";
export { openWithOwnerKey, type SealedObject, type SealOptions, sealObject } from "./seal/seal-object.ts";
export { buildTransaction, type SignedTransaction, type TransactionOptions } from "./transactions/build-transaction.ts";
export type { ExecutedTransaction, TransactionEvent } from "./transactions/executed-transaction.ts";
export { type HeldAccount, heldAccount, type OwnAccount, ownAccount } from "./transactions/own-account.ts";
export { submit, submitSigned } from "./transactions/submit.ts";
export { waitForTransaction } from "./transactions/wait-for-transaction.ts";
