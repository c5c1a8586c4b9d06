import type { Engine } from "@galen/engines/engine";
import { expect, it } from "vitest";
import { followBlocks } from "../follow-blocks.ts";
import { sweepUnnamed } from "./sweep-unnamed.ts";

const engine = { status: () => ({ height: 3 }), subscribe: () => () => {} } as unknown as Engine;

it.each([
  ["sweeps when every block is taken in", 4, [1_000]],
  ["sweeps nothing while a block could not be taken in", 2, []],
])("%s", async (_, failingHeight, expected) => {
  const reports: unknown[] = [];
  const apply = async (height: number) => {
    if (height === failingHeight) throw new Error("this block cannot be read");
  };
  const follower = followBlocks({ engine, from: 0, apply, report: (error) => void reports.push(error) });
  const swept: number[] = [];
  const sweep = async (storedBefore: number) => swept.push(storedBefore);
  await sweepUnnamed({ engine, follower, blobs: { sweep }, storedBefore: 1_000 });
  expect(swept).toEqual(expected);
  expect(reports.length > 0).toBe(expected.length === 0);
  await follower.stop();
});
