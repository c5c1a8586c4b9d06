export { type Indexer, openIndexer } from "./indexer.ts";
export {
  type DocumentRow,
  documentsOf,
  type GrantRow,
  grantsOf,
  grantsTo,
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
export type { BlockSource, IndexedBlock, IndexedEvent } from "./source.ts";
