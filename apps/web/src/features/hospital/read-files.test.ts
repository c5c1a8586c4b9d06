import { expect, it } from "vitest";
import { filesByPatient, readBundleFile } from "./read-files.ts";

const PLACEHOLDER = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-99-9999" };

/** The cards that files of these patients make: by name, and whether they warn. */
async function cardsOf(...patients: readonly (readonly [family: string, birthDate: string])[]) {
  const read = await Promise.all(
    patients.map(([family, birthDate], index) => {
      const resource = { resourceType: "Patient", id: `p${index}`, identifier: [PLACEHOLDER], name: [{ family }], birthDate };
      const bundle = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource }] });
      return readBundleFile({ path: `${index}.json`, file: new File([bundle], `${index}.json`) });
    }),
  );
  const ready = read.flatMap((file) => (file.kind === "ready" ? [file] : []));
  return filesByPatient(ready).map(({ name, sharesIdentifier, files }) => [name, files.length, sharesIdentifier]);
}

it("takes files for those of one patient where identifier, family name and birth date agree", async () => {
  expect(await cardsOf(["Alder", "1950-01-01"], ["ALDER", "1950-01-01"])).toEqual([["Alder", 2, false]]);
});

it.each<readonly [name: string, ...other: readonly [string, string]]>([
  ["another name", "Birch", "1950-01-01"],
  ["another birth date", "Alder", "2001-02-03"],
  ["another name and birth date", "Birch", "2001-02-03"],
])("warns of two people under one placeholder, who are told apart by %s", async (_, family, birthDate) => {
  expect(await cardsOf(["Alder", "1950-01-01"], [family, birthDate])).toEqual([
    ["Alder", 1, true],
    [family, 1, true],
  ]);
});
