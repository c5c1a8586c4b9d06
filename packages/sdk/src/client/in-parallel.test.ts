import { expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

it("gives the results in the order of the items, some at a time", async () => {
  let [running, most] = [0, 0];
  const results = await inParallel([3, 1, 2, 0], 2, async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, item));
    running--;
    return 10 * item;
  });
  expect([results, most]).toEqual([[30, 10, 20, 0], 2]);
});

it("rejects with the first rejection when nothing runs any more, and begins nothing after it", async () => {
  const told: string[] = [];
  const work = async (name: string, _: number, over: AbortSignal) => {
    told.push(`${name} begins`);
    if (name === "first") throw new RangeError("first");
    await new Promise((resolve) => setTimeout(resolve, 5));
    told.push(`${name} ends, ${over.aborted ? (over.reason as Error).message : "not"} over`);
    throw new RangeError(name);
  };
  await expect(inParallel(["first", "second", "third"], 2, work)).rejects.toThrow("first");
  expect(told).toEqual(["first begins", "second begins", "second ends, first over"]);
});
