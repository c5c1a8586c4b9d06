import { SetGuardians } from "@galen/ledger/modules/accounts/schema";
import { codecOf } from "@galen/ledger/schema/codec";
import { expect, it } from "vitest";
import { callGuardian, draftOf, type GuardiansDraft, guardiansMessage, isFull, whyUnfit, withPeople } from "./guardians-draft.ts";

const DAY_MS = 86_400_000;
const owner = "00".repeat(32);
const person = (number: number) => ({ account: number.toString(16).padStart(64, "0"), name: "" });
const people = (count: number) => Array.from({ length: count }, (_, index) => person(index + 1));
const nobody = draftOf(undefined);

it.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [16, 9],
])("of %i guardians needs %i, whatever was needed of others", (count, threshold) => {
  expect(withPeople({ ...nobody, threshold: 16 }, people(count)).threshold).toBe(threshold);
});

it.each<readonly [string, ReturnType<typeof whyUnfit>, GuardiansDraft["people"][number]]>([
  ["the owner", "self", { account: owner, name: "Somebody else" }],
  ["who is named already", "twice", person(2)],
  ["who is named already under another name", "twice", { ...person(2), name: "Somebody else" }],
  ["anybody else", undefined, person(4)],
])("tells of %s: %s", (_, why, named) => {
  expect(whyUnfit(withPeople(nobody, people(3)), named, owner)).toBe(why);
});

it("is full with as many as the ledger takes", () => {
  expect([0, 15, 16].map((count) => isFull(withPeople(nobody, people(count))))).toEqual([false, false, true]);
});

it.each([1, 2, 16])("is a message that the ledger reads, with %i guardians", (count) => {
  const { type, value } = guardiansMessage(withPeople(nobody, people(count)), owner);
  expect(type).toBe("accounts.setGuardians");
  expect(codecOf(SetGuardians).decode(codecOf(SetGuardians).encode(value as never))).toEqual(value);
  expect(value).toMatchObject({ account: owner, guardians: people(count).map(({ account }) => account), delayMs: 7 * DAY_MS });
});

it("begins with what is on the ledger", () => {
  const guardianship = { guardians: people(3).map(({ account }) => account), threshold: 3, delayMs: 2 * DAY_MS };
  expect(draftOf(guardianship)).toEqual({ people: people(3), threshold: 3, delayMs: 2 * DAY_MS });
});

it.each([
  ["the name of its code, where this browser knows none", [], "Of the code"],
  ["the name known here, whatever the code says", [[person(1).account, { name: "Known" }]], "Known"],
] as const)("calls somebody by %s", (_, known, name) => {
  expect(callGuardian(withPeople(nobody, [{ ...person(1), name: "Of the code" }]), new Map(known), person(1).account)).toBe(name);
});

it("calls nobody by an empty name", () => {
  expect(callGuardian(withPeople(nobody, people(1)), new Map(), person(1).account)).toBeUndefined();
});
