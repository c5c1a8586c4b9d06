import type { LogWrite } from "../kv.ts";
import { takeWrites } from "./bucket-log.ts";
import { releaseBucket, storeBucket, storeEmptiness } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { cleanLog } from "./clean-log.ts";
import { type AddedBucket, createDraft, type Draft } from "./draft.ts";
import { finishDraft } from "./finish-draft.ts";
import { LEAF_BYTES, listedLeaves } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { mergeBuckets } from "./merge-buckets.ts";
import { releaseRecord } from "./record-pool.ts";
import { replaceLeaves } from "./replace-leaves.ts";
import type { Tree } from "./tree.ts";

/** What a block did to the tree. */
export interface TreeUpdate {
  /** The new version. */
  readonly crown: number;
  /** The bucket records that it added to the log. */
  readonly writes: readonly LogWrite[];
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
  if (changes.values.includes(undefined)) mergeBuckets(draft);
  const { crown, added } = finishDraft(draft);
  storeRecords(draft, added);
  cleanLog(tree.buckets);
  const { staleNodes, staleBuckets, existed, keyDelta } = draft;
  return { crown, writes: takeWrites(tree.buckets.log), staleNodes, staleBuckets, existed, keyDelta };
}

/** The version before an update is no longer asked for: ends what only it and earlier ones had. */
export function releaseStale(tree: Tree, { staleNodes, staleBuckets }: Pick<TreeUpdate, "staleNodes" | "staleBuckets">): void {
  for (const node of staleNodes) releaseRecord(tree.nodes, node);
  for (const bucket of staleBuckets) releaseBucket(tree.buckets, bucket);
}

/** What was emptied comes first: of the records of one place the last counts. */
function storeRecords({ tree, changes, levels, emptied }: Draft, added: readonly AddedBucket[]): void {
  const { buckets, work } = tree;
  for (const { depth, via } of emptied) storeEmptiness(buckets, changes.leaves.bytes, LEAF_BYTES * via, depth);
  for (const { bucket, depth, target, firstLeaf, leafCount } of added) {
    storeBucket(buckets, bucket, listedLeaves(work.leaves, firstLeaf, leafCount), depth, levels[depth]!.inner.words, HASH_WORDS * target);
  }
}
