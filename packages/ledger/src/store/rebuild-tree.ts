import { equalBytes } from "../crypto/bytes.ts";
import { deleteRange } from "./delete-range.ts";
import { filledState, fillWith, settleFilling, startFilling } from "./fill-tree.ts";
import type { KeyValueStore } from "./kv.ts";
import { headWrite, RECORDS_WITHOUT_LOG, type StateHead, VALUES } from "./state-head.ts";
import { StoreError } from "./store-error.ts";
import { pageNumber } from "./tree/bucket-log.ts";
import { createTree, type Tree, type TreeOptions } from "./tree/tree.ts";

/** A tree and its only version. */
export interface Rooted {
  readonly tree: Tree;
  readonly crown: number;
}

/** Values that are put into the tree at a time. */
const BATCH = 10_000;

/**
 * Makes the tree anew from the values of the store, at the end of its log. It counts when all of it is on disk; until then it is as if
 * nothing had happened, and the next opening begins again. Throws StoreError StateCorrupt when the values do not have the root of the head.
 */
export async function rebuildTree(options: Omit<TreeOptions, "firstPage">, kv: KeyValueStore, head: StateHead): Promise<Rooted> {
  const filling = startFilling(createTree({ ...options, firstPage: head.log === undefined ? 0 : pageNumber(head.log.end) + 1 }));
  let values = new Map<string, Uint8Array>();
  const fill = async () => {
    await kv.write(fillWith(filling, values).logWrites);
    settleFilling(filling);
    values = new Map();
  };
  for await (const [key, value] of kv.range(VALUES)) {
    values.set(String.fromCharCode(...key.subarray(1)), value);
    if (values.size === BATCH) await fill();
  }
  await fill();

  const { root, keyCount, log } = filledState(filling);
  if (keyCount !== head.keyCount || !equalBytes(root, head.root)) {
    throw new StoreError(
      "StateCorrupt",
      "the stored values do not have the root of their height: the disk lost or changed records; restore this node from a snapshot or let it replay the chain",
    );
  }
  if (head.log === undefined) await deleteRange(kv, RECORDS_WITHOUT_LOG);
  await kv.write([headWrite({ ...head, log, keepsValues: options.keepsValues })]);
  return filling;
}
