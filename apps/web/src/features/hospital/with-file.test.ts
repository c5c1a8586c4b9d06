import { expect, it } from "vitest";
import { readBundleFile } from "./read-files.ts";
import { withFile } from "./with-file.ts";

type Dropped = readonly [path: string, family: string | undefined];

/** Which files the desk has after these were dropped one by one, and whom they name; a file without a family name is no bundle. */
async function filesAfter(...dropped: readonly Dropped[]) {
  let files: Parameters<typeof withFile>[0] = { ready: [], refused: [] };
  for (const [path, family] of dropped) {
    const resource = { resourceType: "Patient", id: "p", name: [{ family }], birthDate: "1950-01-01" };
    const text = family === undefined ? "no bundle" : JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource }] });
    files = withFile(files, await readBundleFile({ path, file: new File([text], path) }));
  }
  return [...files.ready.map(({ file, patientName }) => [file, patientName]), ...files.refused.map(({ file }) => [file])];
}

it.each<readonly [what: string, dropped: readonly Dropped[], files: readonly (readonly string[])[]]>([
  [
    "the same file once",
    [
      ["a.json", "Alder"],
      ["a.json", "Alder"],
    ],
    [["a.json", "Alder"]],
  ],
  [
    "files of one name from two folders",
    [
      ["a.json", "Alder"],
      ["a.json", "Birchwood"],
    ],
    [
      ["a.json", "Alder"],
      ["a.json (2)", "Birchwood"],
    ],
  ],
  [
    "as many as there are",
    [
      ["a.json", "Alder"],
      ["a.json", "Birch"],
      ["a.json", "Cedar"],
    ],
    [
      ["a.json", "Alder"],
      ["a.json (2)", "Birch"],
      ["a.json (3)", "Cedar"],
    ],
  ],
  [
    "a corrected one in place of the refused one",
    [
      ["a.json", undefined],
      ["a.json", "Alder"],
    ],
    [["a.json", "Alder"]],
  ],
  [
    "a refused one beside a good one",
    [
      ["a.json", "Alder"],
      ["a.json", undefined],
    ],
    [["a.json", "Alder"], ["a.json (2)"]],
  ],
])("keeps %s", async (_, dropped, files) => {
  expect(await filesAfter(...dropped)).toEqual(files);
});
