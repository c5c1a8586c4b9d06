import { expect, it } from "vitest";
import { checkBundle } from "./bundle.ts";
import type { JsonObject } from "./json-value.ts";
import { patientMarks, personIn } from "./patient-identity.ts";

function bundleOf(patient: JsonObject, fullUrl?: string): JsonObject {
  const entry = { ...(fullUrl === undefined ? {} : { fullUrl }), resource: { resourceType: "Patient", ...patient } };
  return { resourceType: "Bundle", type: "collection", entry: [entry] };
}

const marksOf = (patient: JsonObject, fullUrl?: string) => patientMarks(checkBundle(bundleOf(patient, fullUrl), "test"));

async function identityOf(patient: JsonObject, fullUrl?: string): Promise<string> {
  return (await marksOf(patient, fullUrl)).patientIdentity;
}

const numbered = { identifier: [{ value: "no system" }, { system: "urn:hospital", value: "7" }] };
const policy = { type: { coding: [{ code: "MB" }] }, system: "urn:insurer", value: "1" };
const own = { system: "urn:hospital", value: "7" };
const insured = (...given: readonly string[]): JsonObject => ({ identifier: [policy], name: [{ family: "Alder", given }] });
const URL_A = "urn:uuid:8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1";
const URL_B = "urn:uuid:1b0c2f7e-3c59-4a2b-8d8c-0c8f3b0ad1e2";
const LOCAL = "http://localhost:8080/fhir/Patient/1";
const ada = { id: "example", name: [{ family: "Example" }], birthDate: "1980-01-01" };

it.each([
  ["one identifier, another file", identityOf(numbered, URL_A), identityOf({ ...numbered, id: "other" }, URL_B), true],
  ["another number", identityOf(numbered), identityOf({ identifier: [{ system: "urn:hospital", value: "8" }] }), false],
  ["one policy's number, one given name", identityOf(insured("Ann")), identityOf(insured("ANN", "Maria")), true],
  ["one policy's number, another given name", identityOf(insured("Ann")), identityOf(insured("Bea")), false],
  [
    "a number of one's own beside a policy's",
    identityOf({ ...insured("Ann"), identifier: [policy, own] }),
    identityOf({ identifier: [own] }),
    true,
  ],
  ["another hospital's number", identityOf(numbered), identityOf({ identifier: [{ system: "urn:clinic", value: "7" }] }), false],
  ["no identifier, one address", identityOf(ada, URL_A), identityOf({ ...ada, name: [{ family: "Changed" }] }, URL_A), true],
  ["no identifier, another address", identityOf(ada, URL_A), identityOf(ada, URL_B), false],
  ["id, name and birth date", identityOf(ada), identityOf({ ...ada }), true],
  ["one id, another person", identityOf(ada), identityOf({ ...ada, birthDate: "1990-01-01" }), false],
  ["one id without a name, the same file", identityOf({ id: "1", gender: "male" }), identityOf({ id: "1", gender: "male" }), true],
  ["one id without a name, another file", identityOf({ id: "1" }), identityOf({ id: "1", gender: "male" }), false],
  [
    "one id and birth date without a name",
    identityOf({ id: "1", birthDate: "1980" }),
    identityOf({ id: "1", birthDate: "1980", active: true }),
    false,
  ],
  ["one local address without a name", identityOf({}, LOCAL), identityOf({ active: true }, LOCAL), false],
  ["one local address and name", identityOf(ada, LOCAL), identityOf({ ...ada, active: true }, LOCAL), true],
  ["one unique address without a name", identityOf({}, URL_A), identityOf({ active: true }, URL_A), true],
  ["one policy without a name", identityOf({ identifier: [policy] }), identityOf({ identifier: [policy], active: true }), false],
])("%s: same patient or not", async (_, a, b, isSame) => {
  expect((await a) === (await b)).toBe(isSame);
});

const born = (family: string, birthDate: string): JsonObject => ({ name: [{ family }], birthDate });

it("stays what wallets keep of earlier imports", async () => {
  expect(await identityOf(numbered)).toBe("3ec7ca023db53be36f08901910f2e4fc7b270d5b9a65c24cc5d7533704c57cbc");
});

it.each([
  ["the same", born("Alder", "1950-01-01"), born("Alder", "1950-01-01"), true],
  ["typed otherwise", born("Alder  Birch", "1950-01-01"), born("ALDER BIRCH ", "1950-01-01"), true],
  ["another given name", { ...born("Alder", "1950-01-01"), name: [{ family: "Alder", given: ["Al"] }] }, born("Alder", "1950-01-01"), true],
  ["the official name", { name: [{ family: "Old" }, { use: "official", family: "Alder" }] }, { name: [{ family: "Alder" }] }, true],
  ["another family", born("Alder", "1950-01-01"), born("Birch", "1950-01-01"), false],
  ["another birth date", born("Alder", "1950-01-01"), born("Alder", "2001-02-03"), false],
  ["no birth date", born("Alder", "1950-01-01"), { name: [{ family: "Alder" }] }, false],
  ["no name", born("Alder", "1950-01-01"), { birthDate: "1950-01-01" }, false],
  ["nothing said of either", {}, {}, true],
])("%s: same person or not, under one identifier", async (_, a, b, isSame) => {
  const [one, other] = await Promise.all([marksOf({ ...a, ...numbered }), marksOf({ ...b, ...numbered })]);
  expect(one.patientIdentity).toBe(other.patientIdentity);
  expect(one.patientPerson === other.patientPerson).toBe(isSame);
});

it("finds in a document who has the identity", async () => {
  const { patientIdentity, patientPerson } = await marksOf({ ...numbered, ...born("Alder", "1950-01-01") });
  expect(await personIn(bundleOf({ ...numbered, ...born("Alder", "1950-01-01") }), patientIdentity)).toBe(patientPerson);
  expect(await personIn(bundleOf(born("Alder", "1950-01-01")), patientIdentity)).toBeUndefined();
  expect(await personIn({ resourceType: "Bundle" }, patientIdentity)).toBeUndefined();
});
