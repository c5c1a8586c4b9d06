import type { Write } from "../kv.ts";
import { bucketKey, bucketRecordWords, writeBucketRecord } from "./bucket-record.ts";
import { letGo, releaseBucket, UNSETTLED } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { type AddedBucket, createDraft, type Draft } from "./draft.ts";
import { finishDraft } from "./finish-draft.ts";
import { LEAF_BYTES, LEAF_WORDS } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { mergeBuckets } from "./merge-buckets.ts";
import { createPage } from "./page.ts";
import { releaseRecord } from "./record-pool.ts";
import { replaceLeaves } from "./replace-leaves.ts";
import type { Tree } from "./tree.ts";

/** What a block did to the tree. */
export interface TreeUpdate {
  /** The new version. */
  readonly crown: number;
  /** The bucket records that changed. Of two writes of one key the later counts. */
  readonly writes: readonly Write[];
  /** Buckets whose records are among the writes. */
  readonly freshBuckets: readonly number[];
  /** What the version before has and this one has not. */
  readonly staleNodes: readonly number[];
  readonly staleBuckets: readonly number[];
  /** Per change 1 if its key had a value before. */
  readonly existed: Uint8Array;
  readonly keyDelta: number;
}

/** Makes the version that follows `before` by these changes, of which there is at least one. */
export function updateTree(tree: Tree, before: number, changes: Changes): TreeUpdate {
  const draft = createDraft(tree, changes);
  replaceLeaves(draft, before);
  if (changes.deleted.includes(1)) mergeBuckets(draft);
  const { crown, added } = finishDraft(draft);
  const { staleNodes, staleBuckets, existed, keyDelta } = draft;
  return {
    crown,
    writes: [...draft.lostRecords.map((key) => ({ key, value: undefined })), ...recordsOf(draft, added)],
    freshBuckets: added.map(({ bucket }) => bucket),
    staleNodes,
    staleBuckets,
    existed,
    keyDelta,
  };
}

/** The version before an update is no longer asked for: ends what only it and earlier ones had. */
export function releaseStale(tree: Tree, { staleNodes, staleBuckets }: Pick<TreeUpdate, "staleNodes" | "staleBuckets">): void {
  for (const node of staleNodes) releaseRecord(tree.nodes, node);
  for (const bucket of staleBuckets) releaseBucket(tree.buckets, bucket);
}

/** The writes of an update are on disk: its buckets may leave the memory. */
export function settleBuckets(tree: Tree, { freshBuckets }: Pick<TreeUpdate, "freshBuckets">): void {
  for (const bucket of freshBuckets) letGo(tree.buckets, bucket, UNSETTLED);
}

/** The records of all added buckets, in one piece of memory. */
function recordsOf({ tree, levels }: Draft, added: readonly AddedBucket[]): Write[] {
  const { page: leafPage } = tree.work.leaves;
  const page = createPage(added.reduce((words, { leafCount }) => words + bucketRecordWords(leafCount), 0));
  let next = 0;
  return added.map(({ depth, target, firstLeaf, leafCount }) => {
    const leaves = { page: leafPage, at: LEAF_WORDS * firstLeaf, count: leafCount };
    const value = writeBucketRecord(page, next, leaves, depth, levels[depth]!.inner.words, HASH_WORDS * target);
    next += bucketRecordWords(leafCount);
    return { key: bucketKey(leafPage.bytes, LEAF_BYTES * firstLeaf, depth), value };
  });
}
