export { type Indexer, openIndexer } from "./indexer.ts";
export {
  type DocumentRow,
  documentsOf,
  type GrantRow,
  grantsOf,
  grantsTo,
  type Page,
  type PageOptions,
  type ReleaseRow,
  releasesOf,
} from "./queries.ts";
export type { BlockSource, IndexedBlock, IndexedEvent } from "./source.ts";
