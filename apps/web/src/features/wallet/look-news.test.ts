import { expect, it } from "vitest";
import { lookNews } from "./look-news.ts";

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
