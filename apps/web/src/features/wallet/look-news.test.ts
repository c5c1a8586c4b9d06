import { expect, it } from "vitest";
import { lookNews, manyLooks } from "./look-news.ts";

const NOW = 1_800_000_000_000;
const released = { kind: "released", under: "grant" } as const;
const refused = { kind: "refused", reason: "GrantRevoked" } as const;

it.each([
  ["now, to the owner", { owner: "me", outcome: released, at: NOW - 1_000 }, { title: "sawTitle", isEarlier: false }],
  ["now, of a child", { owner: "child", outcome: released, at: NOW - 119_000 }, { title: "sawTitleOf", isEarlier: false }],
  ["by a clock that is a little ahead", { owner: "me", outcome: released, at: NOW + 9_000 }, { title: "sawTitle", isEarlier: false }],
  ["while nobody looked", { owner: "me", outcome: released, at: NOW - 121_000 }, { title: "readTitle", isEarlier: true }],
  ["of a child, while nobody looked", { owner: "child", outcome: released, at: 0 }, { title: "readTitleOf", isEarlier: true }],
  ["that was refused", { owner: "me", outcome: refused, at: NOW }, { title: "triedTitle", isEarlier: false }],
  [
    "of a child that was refused, while nobody looked",
    { owner: "child", outcome: refused, at: 0 },
    { title: "triedTitleOf", isEarlier: true },
  ],
])("tells a reading %s as what it is", (_, release, expected) => {
  expect(lookNews(release, { account: "me", now: NOW })).toEqual(expected);
});

const look = (reader: string, more: object = {}) => ({ owner: "me", outcome: released, at: NOW, reader, ...more });
const times = (reader: string, count: number) => Array.from({ length: count }, () => look(reader));

it.each([
  ["of one reader", times("doctor", 2), { title: "readTimes", named: [{ reader: "doctor", count: 2 }], others: 0 }],
  [
    "of several, whoever reads most first",
    [look("nurse"), ...times("doctor", 2), look("nurse"), look("nurse")],
    {
      title: "readTimes",
      named: [
        { reader: "nurse", count: 3 },
        { reader: "doctor", count: 2 },
      ],
      others: 0,
    },
  ],
  [
    "of more than can be named",
    [look("a"), look("b"), look("c"), ...times("d", 2), look("e")],
    {
      title: "readTimes",
      named: [
        { reader: "d", count: 2 },
        { reader: "a", count: 1 },
        { reader: "b", count: 1 },
      ],
      others: 2,
    },
  ],
  [
    "of a child, the first of them while nobody looked",
    [look("doctor", { owner: "child", at: NOW - 121_000 }), look("doctor", { owner: "child" })],
    { title: "readTimesOf", since: NOW - 121_000, named: [{ reader: "doctor", count: 2 }], others: 0 },
  ],
  [
    "that were refused",
    [look("doctor", { outcome: refused }), look("doctor", { outcome: refused })],
    { title: "triedTimes", named: [{ reader: "doctor", count: 2 }], others: 0 },
  ],
])("tells several readings %s as one", (_, looks, expected) => {
  expect(manyLooks(looks, { account: "me", now: NOW })).toEqual({ since: undefined, ...expected });
});
