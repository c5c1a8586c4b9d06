import type { Engine } from "@galen/engines/engine";
import { fromMilliseconds } from "@galen/ledger/block/timestamp";
import { expect, it } from "vitest";
import { followBlocks } from "../follow-blocks.ts";
import { sweepUnnamed } from "./sweep-unnamed.ts";

const [NOW, HOUR_MS] = [1_700_000_000_000, 3_600_000];

/** What a sweep is asked for on a chain of three blocks. */
async function sweptBefore({ blockTime = NOW, failingHeight = 4 }: { readonly blockTime?: number; readonly failingHeight?: number }) {
  const header = { time: fromMilliseconds(blockTime) };
  const engine = { status: () => ({ height: 3, header }), subscribe: () => () => {} } as unknown as Engine;
  const reports: unknown[] = [];
  const apply = async (height: number) => {
    if (height === failingHeight) throw new Error("this block cannot be read");
  };
  const follower = followBlocks({ engine, from: 0, apply, report: (error) => void reports.push(error) });
  const swept: number[] = [];
  const sweep = async (storedBefore: number) => swept.push(storedBefore);
  await sweepUnnamed({ engine, follower, blobs: { sweep }, now: () => NOW, waitMs: HOUR_MS });
  await follower.stop();
  return { swept, isReported: reports.length > 0 };
}

it.each([
  ["sweeps what waits too long when every block is taken in", {}, [NOW - HOUR_MS]],
  ["sweeps nothing while a block could not be taken in", { failingHeight: 2 }, []],
  ["lets blobs wait while the chain stands still: their transaction may be in its next block", { blockTime: NOW - 9 }, [NOW - 9 - HOUR_MS]],
  ["goes by its own clock, by which blobs are stored, where that is behind the chain's", { blockTime: NOW + 9 }, [NOW - HOUR_MS]],
])("%s", async (_, chain, expected) => {
  expect(await sweptBefore(chain)).toEqual({ swept: expected, isReported: "failingHeight" in chain });
});

it("sweeps nothing before the first block that a node that began from a snapshot takes in", async () => {
  const engine = { status: () => ({ height: 3, header: undefined }) } as unknown as Engine;
  const follower = { height: 3, caughtUp: async () => {} };
  const sweep = () => Promise.reject(new Error("swept"));
  expect(await sweepUnnamed({ engine, follower, blobs: { sweep }, now: () => NOW, waitMs: HOUR_MS })).toBe(0);
});
