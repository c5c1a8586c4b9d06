import { describeAct } from "@galen/sdk/acts/describe-act";
import { expect, it } from "vitest";
import { callInActs, type Names } from "./names.ts";

const HOSPITAL = "aa".repeat(32);
const CUSTODIAN = `3f2a91${"00".repeat(27)}0c4d`;
const STRANGER = "cc".repeat(32);
const names: Names = new Map([
  [HOSPITAL, { name: "Sampleton General Hospital", custodian: CUSTODIAN }],
  ["bb".repeat(32), { name: "Somebody" }],
]);

it.each([
  ["somebody known", HOSPITAL, "Sampleton General Hospital"],
  ["the custodian of an organisation, with its own account", CUSTODIAN, "custodian of Sampleton General Hospital (3f2a91…0c4d)"],
  ["nobody that is known", STRANGER, undefined],
])("calls %s in acts", (_, account, expected) => {
  expect(callInActs(names)(account)).toBe(expected);
});

it("tells who would hold the custodians' key", () => {
  const custodians = [CUSTODIAN, STRANGER].map((account) => ({ account, sealingKey: "00".repeat(32) }));
  const value = { purpose: "release", kind: "reshare", threshold: 2, custodians, windowMs: 60_000 };
  const { lines } = describeAct({ type: "custody.startCeremony", value }, { language: "en", names: callInActs(names) });
  expect(lines[0]).toBe("Custodians: “custodian of Sampleton General Hospital (3f2a91…0c4d)”, cccccccccccc…");
});
