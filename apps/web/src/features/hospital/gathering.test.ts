import { expect, it } from "vitest";
import { createGathering } from "./gathering.ts";

/** A gathering whose questions are noted, and answered by `answer`. */
function noted(answer: (items: readonly string[]) => Promise<void> = async () => undefined) {
  const asked: (readonly string[])[] = [];
  const gathering = createGathering<string>((items) => {
    asked.push(items);
    return answer(items);
  });
  return { gathering, asked };
}

it("asks once for all runs when none can go on", async () => {
  const { gathering, asked } = noted();
  const slow = Promise.withResolvers<void>();
  const runs = [
    gathering.run((agree) => agree("ann")),
    gathering.run(async (agree) => {
      await slow.promise;
      await agree("bob");
    }),
  ];
  await Promise.resolve();
  expect(asked).toEqual([]);
  slow.resolve();
  await Promise.all(runs);
  expect(asked).toEqual([["ann", "bob"]]);
});

it("does not wait for a run that is done, or that has failed, without asking", async () => {
  const { gathering, asked } = noted();
  const work = Promise.withResolvers<void>();
  const failing = gathering.run(() => work.promise);
  const waiting = gathering.run((agree) => agree("ann"));
  const done = gathering.run(async () => 7);
  work.reject(new Error("no node"));
  await expect(failing).rejects.toThrow("no node");
  await waiting;
  expect(await done).toBe(7);
  expect(asked).toEqual([["ann"]]);
});

it("asks again for what comes later, and never twice at a time", async () => {
  let open = 0;
  const { gathering, asked } = noted(async () => {
    open += 1;
    expect(open).toBe(1);
    await Promise.resolve();
    open -= 1;
  });
  await gathering.run((agree) => Promise.all([agree("first"), agree("second").then(() => agree("third"))]));
  expect(asked.flat()).toEqual(["first", "second", "third"]);
});

it("gives a no to all who were asked for, and goes on with the others", async () => {
  const { gathering, asked } = noted(async (items) => {
    if (items.includes("ann")) throw new Error("not signed");
  });
  const both = await Promise.allSettled([gathering.run((agree) => agree("ann")), gathering.run((agree) => agree("bob"))]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await gathering.run((agree) => agree("clara"));
  expect(asked).toEqual([["ann", "bob"], ["clara"]]);
});
