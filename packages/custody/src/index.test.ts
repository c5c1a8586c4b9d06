import { expect, it } from "vitest";
import * as surface from "./index.ts";

it("offers exactly this", () => {
  expect(Object.keys(surface).toSorted()).toEqual(["auditServed", "deal", "errors", "jointShare", "releaseShare", "startCustodian"]);
});
