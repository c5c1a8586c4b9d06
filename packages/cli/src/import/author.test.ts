import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords } from "@galen/sdk/keys/seed";
import { expect, it } from "vitest";
import type { Session } from "../session.ts";
import type { WalletEntry } from "../wallet/entry.ts";
import { authorOf } from "./author.ts";

const [house, clinic] = ["11".repeat(32), "22".repeat(32)] as [string, string];
const words = createSeedWords(webRandom);
const entries: readonly WalletEntry[] = [
  { name: "House", account: house, kind: "organisation", words },
  { name: "Clinic", account: clinic, kind: "organisation" },
  { name: "Employed", account: "33".repeat(32), kind: "person", words, worksFor: house },
  { name: "Alone", account: "44".repeat(32), kind: "person", words },
];
const session = { wallet: { entries: () => entries } } as unknown as Session;

it.each([
  ["House", undefined, undefined],
  ["Employed", undefined, house],
  ["Employed", "Clinic", clinic],
  ["Alone", "Clinic", clinic],
])("%s writes for %s: %s", async (name, organisation, expected) => {
  expect((await authorOf(session, { name, organisation })).organisation).toBe(expected);
});

it("a person of whom no place of work is known writes for no organisation", async () => {
  await expect(authorOf(session, { name: "alone" })).rejects.toMatchObject({
    kind: { id: "cli/NotForOrganisation" },
    details: { author: "Alone" },
  });
});
