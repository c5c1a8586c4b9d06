import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { failureTexts } from "../frame/failure-texts.ts";
import { refusalTexts } from "./refusal-texts.ts";

/** Every stable id of a refusal that can reach the app, from the page that is generated from the code: what only whoever runs a node or the command line hears of is left out. */
const reference = readFileSync(join(import.meta.dirname, "../../../../docs/reference/errors.md"), "utf8");
const refusals = reference.slice(0, reference.indexOf("\n## Damaged or foreign things\n"));
const ids = [...refusals.matchAll(/^\| `([a-z]+\/[A-Za-z]+)` \|/gm)].map(([, id]) => id!).filter((id) => !/^(cli|node)\//.test(id));

it("finds the refusals of ledger, node and client", () => {
  for (const id of ["vault/NotOwner", "api/Forbidden", "engine/Behind", "proof/Stale", "release/NoGrant", "client/TimedOut"])
    expect(ids).toContain(id);
});

it.each(["en", "zh"] as const)("tells every refusal (%s), and no other", (language) => {
  expect(Object.keys(refusalTexts[language]).toSorted()).toEqual([...new Set(ids)].toSorted());
});

it("is Chinese in Chinese", () => {
  expect(Object.entries(refusalTexts.zh).filter(([, words]) => !/\p{Script=Han}/u.test(words))).toEqual([]);
});

it("has no words in the first load for what nobody refuses", () => {
  expect(failureTexts.keys.filter((key) => key.includes("/") && !key.startsWith("key/") && !ids.includes(key))).toEqual([]);
});
