import { expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { EMPTY_HASH } from "./state-hash.ts";
import { addVersion, dropVersionsBelow, firstVersion, latestVersion, type Versions } from "./state-versions.ts";
import { sortChanges } from "./tree/changes.ts";
import { addEmptyNode, childHash, createTree } from "./tree/tree.ts";
import { updateTree } from "./tree/update-tree.ts";
import { nothingBefore } from "./values-before.ts";

const KEYS = 200;

/** The versions of an empty tree, and what stages a block that changes every second key, the next block the others. */
function start() {
  const tree = createTree({ crypto: portableCrypto, cacheBytes: 1 << 24, readLog: () => false, keepsValues: true, firstPage: 0 });
  const first = firstVersion({ height: 0, root: EMPTY_HASH, crown: addEmptyNode(tree), logFrom: 0 });
  const versions: Versions = { tree, kept: [first], limit: 3, budgetBytes: 1 << 30, bytes: 0 };
  function stage(height: number): void {
    const keys = Array.from({ length: KEYS }, (_, at) => at).filter((at) => height === 1 || at % 2 === height % 2);
    const changes = new Map(keys.map((at) => [`key/${at}`, Uint8Array.of(height, height >>> 8)]));
    const update = updateTree(tree, latestVersion(versions).crown, sortChanges(tree, changes));
    addVersion(versions, { ...update, height, root: childHash(tree, update.crown, 0), logFrom: 0, before: nothingBefore });
    dropVersionsBelow(versions, height);
  }
  return { tree, versions, stage };
}

it("nodes and buckets that no kept version has any more are used again", () => {
  const { tree, versions, stage } = start();
  const inUse = () => [tree.nodes, tree.buckets.entries].map(({ lastNumber }) => lastNumber);
  for (let height = 1; height <= 20; height++) stage(height);
  const settled = inUse();
  for (let height = 21; height <= 400; height++) stage(height);
  expect(versions.kept.map(({ height }) => height)).toEqual([398, 399, 400]);
  expect(inUse()).toEqual(settled);
  expect(versions.bytes).toBe(versions.kept.reduce((sum, { bytes }) => sum + bytes, 0));
});
