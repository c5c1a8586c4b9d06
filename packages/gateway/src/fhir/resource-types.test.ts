import { gunzipSync } from "node:zlib";
import { outsideBytes } from "@galen/ledger/testing/outside-data";
import { describe, expect, test } from "vitest";
import { DIRECTORY_TYPES, PERSON_TYPES, RESOURCE_TYPES } from "./resource-types.ts";

test("directory and person types are resource types, and no type is both", () => {
  expect([...DIRECTORY_TYPES, ...PERSON_TYPES].filter((type) => !RESOURCE_TYPES.has(type))).toEqual([]);
  expect([...DIRECTORY_TYPES].filter((type) => PERSON_TYPES.has(type))).toEqual([]);
});

const schema = outsideBytes("fhir/r4-definitions/fhir.schema.json.gz");

describe.skipIf(schema === undefined)("HL7's JSON schema of R4", () => {
  test("lists the same types", () => {
    const { discriminator } = JSON.parse(gunzipSync(schema ?? new Uint8Array()).toString()) as { discriminator: { mapping: object } };
    expect([...RESOURCE_TYPES].sort()).toEqual(Object.keys(discriminator.mapping).sort());
  });
});
