import { expect, it } from "vitest";
import { importAnswer } from "./import.ts";

const imported = { file: "a.json", patient: "Ann Example", account: "ab".repeat(32), resources: 9, documents: 6 };
const run = { total: 1, failure: undefined, elapsedMs: 0 };

it.each([
  [0, 4, []],
  [1, 3, ["1 was erased by its owner and stays so."]],
  [3, 1, ["3 were erased by their owner and stay so."]],
])("an import tells of %i documents that their owner has erased", (erased, alreadyThere, sentences) => {
  const { text, json } = importAnswer({ files: [{ ...imported, filed: 2, erased }], refused: [], filed: 2 }, run);
  expect(json).toMatchObject({ documents: 6, filed: 2, alreadyThere, erased });
  expect(text.split("\n").slice(1)).toEqual([`2 sealed and filed now, ${alreadyThere} already there; 0 s.`, ...sentences]);
});
