import { expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

it("is collected once for all who ask within a second, and then anew", async () => {
  let now = 0;
  let repaired = 0;
  const metrics = createMetrics(() => now);
  metrics.watchHistory({ status: () => ({ state: "complete", repaired: ++repaired }) as never });
  const count = async () => /^galen_history_repaired (\d+)$/m.exec(await metrics.text())![1];
  const first = await Promise.all([count(), count()]);
  now = 999;
  expect([...first, await count()]).toEqual([first[0], first[0], first[0]]);
  now = 1_000;
  expect(await count()).not.toBe(first[0]);
});
