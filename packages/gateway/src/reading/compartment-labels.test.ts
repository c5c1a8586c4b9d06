import { accountKeys } from "@galen/sdk/keys/account-keys";
import { compartmentLabel } from "@galen/sdk/keys/compartment-label";
import { describe, expect, it } from "vitest";
import { COMPARTMENTS, type Compartment } from "../fhir/compartment.ts";
import { labelsOf, namedCompartments, type OwnCompartments, ownCompartments, type PlacedDocument } from "./compartment-labels.ts";

const owner = { keys: accountKeys(new Uint8Array(64).fill(7), 0) };
const known = ownCompartments(owner);
const own = (name: Compartment) => compartmentLabel(owner.keys.compartmentKey, name);
const [ward, office, shared] = ["a1".repeat(32), "b2".repeat(32), "c3".repeat(32)];
const under = (label: string, ...compartments: readonly Compartment[]) => compartments.map((compartment) => ({ label, compartment }));

const documents = [
  ...under(own("general"), "general", "mental-health"),
  ...under(ward, "laboratory", "laboratory"),
  ...under(office, "mental-health"),
  ...under(shared, "general", "laboratory"),
];

it.each<readonly [string, readonly Compartment[], readonly string[]]>([
  ["the own label, and that of an author", ["laboratory"], [own("laboratory"), ward]],
  ["the own label alone where no author has one", ["imaging"], [own("imaging")]],
  ["the own label whatever an author filed under it", ["general"], [own("general")]],
  ["a label of two compartments only for both", ["general", "laboratory"], [own("general"), own("laboratory"), ward, shared]],
  ["nothing for nothing", [], []],
])("is %s", (_, compartments, labels) => {
  expect(labelsOf(compartments, { own: known, documents, unreadable: [] })).toEqual(labels.toSorted());
});

it("never opens a label by a harmless document that somebody put under it", () => {
  const planted = [...documents, ...under(office, "general"), ...under(own("mental-health"), "general")];
  expect(labelsOf(["general"], { own: known, documents: planted, unreadable: [] })).toEqual([own("general")]);
});

describe("for whoever lacks the key by which labels were made", () => {
  const none: OwnCompartments = new Map();
  const [child, before] = ["d4".repeat(32), "e5".repeat(32)];

  it.each<readonly [string, readonly PlacedDocument[], readonly Compartment[], readonly string[]]>([
    ["nothing where nothing is open", [], ["general"], []],
    ["what the content shows", under(child, "general"), ["general"], [child]],
    ["every label of a compartment", [...under(child, "general"), ...under(before, "general", "general")], ["general"], [child, before]],
    ["nothing where compartments are mixed", under(child, "mental-health", "general"), ["general"], []],
    ["nothing of another compartment", under(child, "general"), ["genetics"], []],
  ])("is %s", (_, opened, compartments, labels) => {
    expect(labelsOf(compartments, { own: none, documents: opened, unreadable: [] })).toEqual(labels);
  });

  it("never opens a mixed label because of a compartment that cannot be chosen", () => {
    const opened = [...under(child, "general"), ...under(before, "general", "laboratory")];
    expect(namedCompartments({ own: none, documents: opened, unreadable: [] })).toEqual(["general"]);
    expect(labelsOf(["general", "laboratory"], { own: none, documents: opened, unreadable: [] })).toEqual([child]);
    const chosen = [...opened, ...under(ward, "laboratory")];
    expect(labelsOf(["general", "laboratory"], { own: none, documents: chosen, unreadable: [] })).toEqual([child, before, ward].toSorted());
  });

  it("never opens a label by many harmless documents beside a sensitive one", () => {
    const planted = under(child, "mental-health", "general", "general", "general");
    expect(labelsOf(["general"], { own: none, documents: planted, unreadable: [] })).toEqual([]);
    expect(labelsOf(["general"], { own: known, documents: planted, unreadable: [] })).toEqual([own("general")]);
  });
});

it("tells by no order which label is which", () => {
  const everything = { own: known, documents, unreadable: [] };
  const all = labelsOf(COMPARTMENTS, everything);
  expect(all).toEqual(all.toSorted());
  expect(labelsOf(COMPARTMENTS.toReversed(), everything)).toEqual(all);
});

it("leaves out a label under which something does not open", () => {
  expect(labelsOf(["laboratory"], { own: known, documents, unreadable: [ward] })).toEqual([own("laboratory")]);
});

it("knows the own labels of this account alone", () => {
  expect(known.get(own("genetics"))).toBe("genetics");
  expect(namedCompartments({ own: known, documents: [], unreadable: [] })).toEqual(COMPARTMENTS);
  const other = { keys: accountKeys(new Uint8Array(64).fill(8), 0) };
  expect(ownCompartments(other).has(own("genetics"))).toBe(false);
});
