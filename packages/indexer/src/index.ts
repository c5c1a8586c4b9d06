export { type Indexer, openIndexer } from "./indexer.ts";
export {
  type DocumentRow,
  documentsOf,
  type GrantRow,
  grantsOf,
  grantsTo,
  listProposals,
  type Page,
  type PageOptions,
  type ProposalRow,
  type ReleaseRow,
  releasesOf,
  type VoteRow,
} from "./queries.ts";
export type { BlockSource, IndexedBlock, IndexedEvent } from "./source.ts";
