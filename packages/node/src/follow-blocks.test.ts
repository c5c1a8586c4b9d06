import { setImmediate } from "node:timers/promises";
import type { Engine } from "@galen/engines/engine";
import { expect, it } from "vitest";
import { followBlocks } from "./follow-blocks.ts";

const BLOCKS = 1_000;
const BLOCK_MS = 0.1;

it("catches up without holding up anybody else, and hears meanwhile that it is to stop", async () => {
  const engine = { status: () => ({ height: BLOCKS }), subscribe: () => () => {} } as unknown as Engine;
  const apply = async () => {
    for (const begunAt = performance.now(); performance.now() - begunAt < BLOCK_MS; );
  };
  const follower = followBlocks({ engine, from: 0, apply, report: (error) => expect.unreachable(String(error)) });
  await setImmediate();
  await follower.stop();
  expect(follower.height).toBeGreaterThan(0);
  expect(follower.height).toBeLessThan(BLOCKS / 2);
});
