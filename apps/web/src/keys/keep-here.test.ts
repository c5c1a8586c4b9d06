import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { afterEach, expect, it, vi } from "vitest";
import { queries } from "../frame/queries.ts";
import { keepHere } from "./keep-here.ts";
import { accountOfWords, enter, leave, lock } from "./person.ts";

const stored = new Map<string, string>();
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});

const KEY = ["patient-record", "doctor", "patient"];

/** Unlocks new keys in this tab, and gives their account. */
async function enterNewcomer(): Promise<string> {
  const words = createSeedWords(webRandom);
  const { account } = await accountOfWords(words, "person");
  await enter({ account, name: "Newcomer", kind: "person", lock: { kind: "passphrase", keyFile: "" }, createdAt: 0 }, words);
  return account;
}

afterEach(() => {
  queries.clear();
  leave();
});

const cases: readonly [string, () => unknown, boolean][] = [
  ["while the keys are unlocked", () => {}, true],
  ["after a lock", lock, false],
  ["after the tab was left", leave, false],
  ["when somebody else has unlocked the tab since", enterNewcomer, false],
];

it.each(cases)("keeps what the keys have opened: %s", async (_, happens, isKept) => {
  const account = await enterNewcomer();
  await happens();
  keepHere(account, KEY, { documents: ["in clear"] });
  expect(queries.getQueryData(KEY) !== undefined).toBe(isKept);
});
