import type { JsonObject } from "@galen/gateway";
import { cardContents, type FiledContent } from "@galen/gateway/health-card/card-contents";
import { expect, it } from "vitest";
import { chooseEntries } from "./choose-entries.ts";

const patient = (given: string): JsonObject => ({
  resourceType: "Patient",
  name: [{ family: "Example", given: [given] }],
  birthDate: "1980-02-03",
});
const vaccination = (lotNumber: string): JsonObject => ({
  resourceType: "Immunization",
  status: "completed",
  vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "140" }] },
  occurrenceDateTime: "2025-10-11",
  lotNumber,
});
const filed = (author: string, ...resources: readonly JsonObject[]): FiledContent => ({
  content: { resourceType: "Bundle", entry: resources.map((resource) => ({ resource })) },
  author,
});

/** What goes on a card of the house, and what does not, by lots and given names; `name` says which of what was left out is then named. */
function choice(documents: readonly FiledContent[], name?: RegExp) {
  const contents = cardContents(documents, { house: "house", patient: "ada" });
  const unnamed = chooseEntries(contents, []);
  const include = unnamed.leftOut.filter(({ entry }) => name?.test(entry)).map(({ id }) => id.slice(0, 12));
  const { chosen, leftOut } = chooseEntries(contents, include);
  return [
    chosen.map((one) => one.lotNumber ?? "person"),
    leftOut.map(({ entry, filedBy }) => `${/Ada|Bea|\w+$/.exec(entry)?.[0]} by ${filedBy}`),
  ];
}

const house = filed("house", patient("Ada"), vaccination("H"));
const self = filed("ada", vaccination("S"));

it.each<
  readonly [
    name: string,
    documents: readonly FiledContent[],
    named: RegExp | undefined,
    onCard: readonly string[],
    leftOut: readonly string[],
  ]
>([
  [
    "only what the house filed",
    [house, self, filed("clinic", vaccination("C"))],
    undefined,
    ["person", "H"],
    ["C by other", "S by patient"],
  ],
  ["what is named besides", [house, self], /S$/, ["person", "H", "S"], []],
  [
    "the house's word where the patient wrote the same",
    [self, filed("house", patient("Ada"), vaccination("S"))],
    undefined,
    ["person", "S"],
    [],
  ],
  [
    "nobody whom the house has not filed",
    [filed("ada", patient("Ada")), filed("house", vaccination("H"))],
    undefined,
    ["H"],
    ["Ada by patient"],
  ],
  ["the person who is named", [filed("ada", patient("Ada")), filed("house", vaccination("H"))], /Ada/, ["person", "H"], []],
  ["nothing for one of two people", [house, filed("house", patient("Bea"))], undefined, [], ["Ada by house", "Bea by house"]],
  ["the one of two people who is named", [house, filed("house", patient("Bea"))], /Ada/, ["person", "H"], ["Bea by house"]],
])("puts on a card: %s", (_, documents, named, onCard, leftOut) => {
  expect(choice(documents, named)).toEqual([onCard, leftOut]);
});

it.each(["", "xyz"])("refuses to include what nothing begins with: %j", (start) => {
  const contents = cardContents([house, self], { house: "house", patient: "ada" });
  expect(() => chooseEntries(contents, [start])).toThrow(
    expect.objectContaining({ kind: expect.objectContaining({ id: "cli/BadValue" }) }),
  );
});
