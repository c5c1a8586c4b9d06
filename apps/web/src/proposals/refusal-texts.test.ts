import { expect, it } from "vitest";
import { refusalTexts } from "./refusal-texts.ts";

it("tells every refusal of the ledger in Chinese, and no other", () => {
  expect(Object.keys(refusalTexts.zh).toSorted()).toEqual(Object.keys(refusalTexts.en).toSorted());
});
