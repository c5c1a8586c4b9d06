import { expect, it } from "vitest";
import { createTold } from "./network-releases.ts";

const block = (height: number) => ({ event: "block" as const, data: { height, time: 1_000 * height } });
const transaction = (height: number, ...types: readonly string[]) => ({
  event: "transaction" as const,
  data: { height, events: types.map((type) => ({ type, data: { releaseId: `${type} ${height}` } })) },
});

it("keeps what was asked and what was judged, newest first, and knows when the past is over", () => {
  const told = createTold(3);
  const heard = [
    block(2),
    transaction(2, "vault.released", "emergency.used"),
    transaction(2, "vault.sealed"),
    block(3),
    transaction(3, "vault.refused"),
    transaction(3, "emergency.reviewed"),
    block(4),
  ].map((notice) => told.hear(notice));
  expect(heard).toEqual([true, true, false, true, true, true, false]);
  const { releases, reviews, since, isCaughtUp } = told.known();
  expect(releases.map(({ releaseId }) => releaseId)).toEqual(["vault.refused 3", "vault.released 2"]);
  expect(reviews).toEqual([{ releaseId: "emergency.reviewed 3", height: 3 }]);
  expect({ since, isCaughtUp }).toEqual({ since: 2_000, isCaughtUp: true });
});

it("is not caught up before the node has told its newest block", () => {
  const told = createTold(3);
  told.hear(block(2));
  expect(told.known().isCaughtUp).toBe(false);
});
