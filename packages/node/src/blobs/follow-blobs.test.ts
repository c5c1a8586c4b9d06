import type { Engine } from "@galen/engines/engine";
import { createMemoryStore } from "@galen/ledger/store/memory";
import { expect, it } from "vitest";
import { followBlobs } from "./follow-blobs.ts";

/** The heights that a node looks at when it starts on `kv`. Their blocks name no blobs, and the one of `missing` is not there. */
async function heightsRead(kv: ReturnType<typeof createMemoryStore>, missing?: number): Promise<number[]> {
  const heights: number[] = [];
  const engine = {
    status: () => ({ height: 2_500 }),
    subscribe: () => () => {},
    results(height: number) {
      heights.push(height);
      return height === missing ? undefined : { events: [], txResults: [] };
    },
    block: () => ({ data: { txs: [] } }),
  } as unknown as Engine;
  const report = (error: unknown) => expect.unreachable(String(error));
  const follower = followBlobs({ engine, kv, report } as unknown as Parameters<typeof followBlobs>[0]);
  await follower.caughtUp();
  await follower.stop();
  return heights;
}

it.each([
  ["reads blocks that name no blobs once, and not at every start", undefined, 2_001],
  ["goes on behind a block that it has had, and not behind one that is missing", 2_000, 1_001],
])("%s", async (_, missing, next) => {
  const kv = createMemoryStore();
  expect(await heightsRead(kv, missing)).toHaveLength(2_500);
  expect((await heightsRead(kv, missing))[0]).toBe(next);
});
