import type { LogDrop, LogWrite, RecordWrite } from "./kv.ts";
import type { LogRange, StateHead } from "./state-head.ts";
import { logRange, settleLog } from "./tree/bucket-log.ts";
import { sortChanges } from "./tree/changes.ts";
import { addEmptyNode, childHash, type Tree } from "./tree/tree.ts";
import { releaseStale, updateTree } from "./tree/update-tree.ts";

/** A tree of one version to which values are added, some at a time. */
export interface Filling {
  readonly tree: Tree;
  crown: number;
  keyCount: number;
}

export function startFilling(tree: Tree): Filling {
  return { tree, crown: addEmptyNode(tree), keyCount: 0 };
}

/** Adds values; the writes are to be durable, and `settleFilling` called, before the next are added. */
export function fillWith(
  filling: Filling,
  values: ReadonlyMap<string, Uint8Array>,
): { readonly valueWrites: readonly RecordWrite[]; readonly logWrites: readonly (LogWrite | LogDrop)[] } {
  if (values.size === 0) return { valueWrites: [], logWrites: [] };
  const { tree } = filling;
  const changes = sortChanges(tree, values);
  const update = updateTree(tree, filling.crown, changes);
  filling.crown = update.crown;
  filling.keyCount += update.keyDelta;
  releaseStale(tree, update);
  return { valueWrites: changes.writes, logWrites: [...update.writes, { dropBefore: logRange(tree.buckets.log).from }] };
}

export function settleFilling({ tree: { buckets } }: Filling): void {
  settleLog(buckets.log, logRange(buckets.log).end);
}

export function filledState({ tree, crown, keyCount }: Filling): Pick<StateHead, "root" | "keyCount"> & { readonly log: LogRange } {
  return { root: childHash(tree, crown, 0), keyCount, log: logRange(tree.buckets.log) };
}
