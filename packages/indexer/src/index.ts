export { isSqliteError } from "./database.ts";
export { type Indexer, openIndexer } from "./indexer.ts";
export {
  accountsWithKey,
  type DelegationRow,
  type DocumentRow,
  delegationsOf,
  documentsOf,
  type GrantRow,
  type GuardianshipRow,
  grantsOf,
  guardedBy,
  listProposals,
  listValidatorSets,
  type MemberRow,
  membersOf,
  type Page,
  type PageOptions,
  type ProposalRow,
  type ReleaseRow,
  releasesOf,
  type ValidatorSetRow,
  type VoteRow,
} from "./queries.ts";
export type { CountedBy, ReleaseCount } from "./release-counts.ts";
export type { BlockSource, IndexedBlock, IndexedEvent } from "./source.ts";
