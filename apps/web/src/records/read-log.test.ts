import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { expect, it } from "vitest";
import { readNews, readStretch } from "./read-log.ts";

const entry = (number: number, of = "log") => ({ number, releaseId: `${of} ${number}` }) as LoggedRelease;
const newestFirst = (count: number, of?: string) => Array.from({ length: count }, (_, place) => entry(count - 1 - place, of));

async function* logOf(entries: readonly LoggedRelease[]) {
  yield* entries;
}

const cases = [
  ["nothing", 0, [], 0],
  ["a first stretch", 200, [], 64],
  ["nothing new", 10, newestFirst(10), 10],
  ["what is new, before what is known", 200, newestFirst(20).slice(0, 5), 185],
  ["what is new, however much", 500, newestFirst(10), 500],
  ["what a restored chain has in place of what is known", 5, newestFirst(8, "lost"), 5],
  ["the beginning of what a restored chain has", 300, newestFirst(290, "lost"), 64],
] as const;

it.each(cases)("gives %s", async (_, count, known, expected) => {
  const read = await readNews(logOf(newestFirst(count)), () => known);
  expect(read).toEqual(newestFirst(count).slice(0, expected));
});

it("keeps what was read on meanwhile", async () => {
  let known = newestFirst(100).slice(0, 64);
  const reading = readNews(logOf(newestFirst(101)), () => known);
  known = newestFirst(100);
  expect(await reading).toEqual(newestFirst(101));
});

it("reads a stretch anew after one that was broken off", async () => {
  async function* broken() {
    yield entry(99);
    throw new TypeError("fetch failed");
  }
  await expect(readStretch(broken())).rejects.toThrow("fetch failed");
  expect(await readStretch(logOf(newestFirst(100)))).toHaveLength(64);
});
