import { describe, expect, it } from "vitest";
import type { WalletEntry } from "../wallet/entry.ts";
import { granteeOf } from "./grant.ts";

const [house, colon, doctor, noted, stranger] = ["11", "22", "33", "44", "55"].map((byte) => byte.repeat(32)) as [
  string,
  string,
  string,
  string,
  string,
];
const entries: readonly WalletEntry[] = [
  { name: "General", account: house, kind: "organisation" },
  { name: "St. Mary: North", account: colon, kind: "organisation" },
  { name: "Dr. Ann", account: doctor, kind: "person", words: "of Ann" },
  { name: "Noted House", account: noted, kind: "person" },
];
const book = { entries: () => entries };

describe("whom a grant names", () => {
  it.each([
    ["Dr. Ann", { kind: "person", account: doctor }],
    ["general", { kind: "organisation", account: house }],
    ["General:clinician", { kind: "role", organisation: house, role: "clinician" }],
    ["St. Mary: North", { kind: "organisation", account: colon }],
    ["St. Mary: North:nurse", { kind: "role", organisation: colon, role: "nurse" }],
    ["Noted House:nurse", { kind: "role", organisation: noted, role: "nurse" }],
    [`${stranger}:nurse`, { kind: "role", organisation: stranger, role: "nurse" }],
    [stranger, { kind: "person", account: stranger }],
  ] as const)("is read of %s", (to, grantee) => {
    expect(granteeOf(book, to)).toEqual(grantee);
  });

  it.each([
    ["Dr. Ann:clinician", "cli/BadValue"],
    ["General:doctor", "cli/BadValue"],
    ["General:", "cli/BadValue"],
    ["Nobody:nurse", "cli/UnknownName"],
    [":nurse", "cli/UnknownName"],
  ])("is refused of %s", (to, id) => {
    expect(() => granteeOf(book, to)).toThrow(id);
  });
});
