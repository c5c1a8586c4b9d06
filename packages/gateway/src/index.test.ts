import { expect, test } from "vitest";
import * as gateway from "./index.ts";

test("the public surface", () => {
  expect(Object.keys(gateway).sort()).toEqual([
    "COMPARTMENTS",
    "FhirRefusal",
    "canonicalText",
    "checkBundle",
    "compareBundles",
    "describeDocument",
    "exactNumber",
    "mergeDocuments",
    "patientName",
    "readJson",
    "splitBundle",
    "suggestCompartment",
    "summariseDocument",
    "writeJson",
  ]);
});
