import { expect, it } from "vitest";
import { checkBundle } from "./bundle.ts";
import type { JsonObject } from "./json-value.ts";
import { patientIdentity } from "./patient-identity.ts";

function identityOf(patient: JsonObject, fullUrl?: string): Promise<string> {
  const entry = { ...(fullUrl === undefined ? {} : { fullUrl }), resource: { resourceType: "Patient", ...patient } };
  return patientIdentity(checkBundle({ resourceType: "Bundle", type: "collection", entry: [entry] }, "test"));
}

const numbered = { identifier: [{ value: "no system" }, { system: "urn:hospital", value: "7" }] };
const URL_A = "urn:uuid:8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1";
const URL_B = "urn:uuid:1b0c2f7e-3c59-4a2b-8d8c-0c8f3b0ad1e2";
const ada = { id: "example", name: [{ family: "Example" }], birthDate: "1980-01-01" };

it.each([
  ["one identifier, another file", identityOf(numbered, URL_A), identityOf({ ...numbered, id: "other" }, URL_B), true],
  ["another number", identityOf(numbered), identityOf({ identifier: [{ system: "urn:hospital", value: "8" }] }), false],
  ["another hospital's number", identityOf(numbered), identityOf({ identifier: [{ system: "urn:clinic", value: "7" }] }), false],
  ["no identifier, one address", identityOf(ada, URL_A), identityOf({ ...ada, name: [{ family: "Changed" }] }, URL_A), true],
  ["no identifier, another address", identityOf(ada, URL_A), identityOf(ada, URL_B), false],
  ["id, name and birth date", identityOf(ada), identityOf({ ...ada }), true],
  ["one id, another person", identityOf(ada), identityOf({ ...ada, birthDate: "1990-01-01" }), false],
])("%s: same patient or not", async (_, a, b, isSame) => {
  expect((await a) === (await b)).toBe(isSame);
});
