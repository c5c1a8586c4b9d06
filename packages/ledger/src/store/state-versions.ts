import { pathOf, valueKey } from "./state-head.ts";
import type { Tree } from "./tree/tree.ts";
import { releaseStale } from "./tree/update-tree.ts";
import { indexOfPath, nothingBefore, sizeOfValuesBefore, type ValuesBefore, valueBefore } from "./values-before.ts";

/** The state after one block, and what is kept to answer for the one before. */
export interface Version {
  readonly height: number;
  readonly root: Uint8Array;
  readonly crown: number;
  /** From which position of the log on it needs it. */
  readonly logFrom: number;
  /** The keys that this block changed, with what they were before. */
  readonly before: ValuesBefore;
  /** What only the versions before this one have. */
  readonly staleNodes: readonly number[];
  readonly staleBuckets: readonly number[];
  /** Memory that this takes, about. */
  readonly bytes: number;
}

/** The kept versions, at least one, ascending without gaps. */
export interface Versions {
  readonly tree: Tree;
  readonly kept: Version[];
  readonly limit: number;
  readonly budgetBytes: number;
  bytes: number;
}

/** A version with nothing kept before it. */
export function firstVersion({ height, root, crown, logFrom }: Pick<Version, "height" | "root" | "crown" | "logFrom">): Version {
  return { height, root, crown, logFrom, before: nothingBefore, staleNodes: [], staleBuckets: [], bytes: 0 };
}

export function latestVersion({ kept }: Versions): Version {
  return kept.at(-1)!;
}

export function versionAt({ kept }: Versions, height: number): Version | undefined {
  return kept[height - kept[0]!.height];
}

export function addVersion(versions: Versions, version: Omit<Version, "bytes">): void {
  const bytes = sizeOf(version);
  versions.kept.push({ ...version, bytes });
  versions.bytes += bytes;
}

/** Drops versions below `height`, the oldest first, while there are more than the limits allow. */
export function dropVersionsBelow(versions: Versions, height: number): void {
  const { kept, tree } = versions;
  while (kept[0]!.height < height && (kept.length > versions.limit || versions.bytes > versions.budgetBytes)) {
    kept.shift();
    const oldest = kept[0]!;
    versions.bytes -= oldest.bytes;
    releaseStale(tree, oldest);
    kept[0] = firstVersion(oldest);
  }
}

/** The value of `key` at `height`, when it is one of the changes since; `latest` gives it otherwise. */
export function valueAt(
  { kept, tree }: Versions,
  height: number,
  key: string,
  latest: (key: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  let path: Uint8Array | undefined;
  for (let i = height - kept[0]!.height + 1; i < kept.length; i++) {
    path ??= pathOf(tree.crypto, valueKey(key));
    const { before } = kept[i]!;
    const index = indexOfPath(before, path);
    if (index !== -1) return valueBefore(before, index);
  }
  return latest(key);
}

const NODE_BYTES = 72;
const BUCKET_BYTES = 16;

function sizeOf({ before, staleNodes, staleBuckets }: Omit<Version, "bytes">): number {
  return NODE_BYTES * staleNodes.length + BUCKET_BYTES * staleBuckets.length + sizeOfValuesBefore(before);
}
