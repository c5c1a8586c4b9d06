import type { Write } from "../kv.ts";
import { bucketKey, bucketRecordBytes, writeBucketHead } from "./bucket-record.ts";
import { heldLeaves } from "./buckets.ts";
import type { Changes } from "./changes.ts";
import { createDraft, type Draft, levelAt } from "./draft.ts";
import { type FreshBucket, hashDraft } from "./hash-draft.ts";
import { LEAF_BYTES } from "./leaf.ts";
import { HASH_WORDS } from "./levels.ts";
import { mergeBuckets } from "./merge-buckets.ts";
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

/** Makes the version that follows `crown` by these changes, of which there is at least one. */
export function updateTree(tree: Tree, crown: number, changes: Changes): TreeUpdate {
  const draft = createDraft(tree, changes);
  replaceLeaves(draft, crown);
  if (changes.deleted.includes(1)) mergeBuckets(draft);
  const fresh = hashDraft(draft);
  const { staleNodes, staleBuckets, existed, keyDelta } = draft;
  return {
    crown: levelAt(draft, 0).nodes[0]!,
    writes: [...draft.lostRecords.map((key) => ({ key, value: undefined })), ...fresh.map((bucket) => recordOf(draft, bucket))],
    freshBuckets: fresh.map(({ bucket }) => bucket),
    staleNodes,
    staleBuckets,
    existed,
    keyDelta,
  };
}

function recordOf(draft: Draft, { bucket, depth, target }: FreshBucket): Write {
  const { page, at, count } = heldLeaves(draft.tree.buckets, bucket);
  const rootAt = 4 * HASH_WORDS * target;
  const root = levelAt(draft, depth).inner.bytes.subarray(rootAt, rootAt + 4 * HASH_WORDS);
  const value = new Uint8Array(bucketRecordBytes(count));
  writeBucketHead(value, depth, root).set(page.bytes.subarray(4 * at, 4 * at + LEAF_BYTES * count));
  return { key: bucketKey(page.bytes, 4 * at, depth), value };
}
