import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { afterEach, expect, it } from "vitest";
import type { SavedPerson } from "./people-store.ts";
import { accountOfWords, isUnlocked, leave } from "./person.ts";
import { unlock } from "./unlock.ts";

async function somebody(): Promise<SavedPerson> {
  const words = createSeedWords(webRandom);
  const { account } = await accountOfWords(words, "person");
  return { account, name: "Newcomer", kind: "person", lock: { kind: "town", words }, createdAt: 0 };
}

afterEach(leave);

it("unlocks for whoever stays", async () => {
  const person = await somebody();
  await unlock(person, "", new AbortController().signal);
  expect(isUnlocked(person.account)).toBe(true);
});

it("unlocks nothing for whoever has gone meanwhile", async () => {
  const person = await somebody();
  const attempt = new AbortController();
  const unlocking = unlock(person, "", attempt.signal);
  attempt.abort();
  await expect(unlocking).rejects.toMatchObject({ name: "AbortError" });
  expect(isUnlocked(person.account)).toBe(false);
});
