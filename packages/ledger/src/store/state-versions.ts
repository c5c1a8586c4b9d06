import type { Tree } from "./tree/tree.ts";
import { releaseStale } from "./tree/update-tree.ts";

/** The state after one block, and what is kept to answer for the one before. */
export interface Version {
  readonly height: number;
  readonly root: Uint8Array;
  readonly crown: number;
  /** The keys that this block changed, with what they were before. */
  readonly before: ReadonlyMap<string, Uint8Array | undefined>;
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
export function firstVersion({ height, root, crown }: Pick<Version, "height" | "root" | "crown">): Version {
  return { height, root, crown, before: new Map(), staleNodes: [], staleBuckets: [], bytes: 0 };
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
  { kept }: Versions,
  height: number,
  key: string,
  latest: (key: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  for (let i = height - kept[0]!.height + 1; i < kept.length; i++) {
    const { before } = kept[i]!;
    if (before.has(key)) return before.get(key);
  }
  return latest(key);
}

const NODE_BYTES = 72;
const BUCKET_BYTES = 536;
/** What a Map entry with its key and typed array costs in Node 24 besides the bytes of the value. */
const ENTRY_BYTES = 300;

function sizeOf({ before, staleNodes, staleBuckets }: Omit<Version, "bytes">): number {
  let bytes = NODE_BYTES * staleNodes.length + BUCKET_BYTES * staleBuckets.length;
  for (const value of before.values()) bytes += ENTRY_BYTES + (value?.length ?? 0);
  return bytes;
}
