import { describe, expect, test } from "vitest";
import { checkBundle } from "./bundle.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import { FhirRefusal } from "./refusal.ts";
import { entry, sampleBundle, to } from "./testing/sample-bundle.ts";
import { logicalReference } from "./written-document.ts";

type Sample = ReturnType<typeof sampleBundle>;
const base = sampleBundle();
const patientAt = (id: string): JsonObject => entry("Patient", id, {});
const withEntries = (...added: JsonObject[]): Sample => ({ ...base, entry: [...base.entry, ...added] });
const last = base.entry.length;

const numbered = (value: string): JsonObject => ({ system: "urn:mrn", value });
/** A bundle whose Patient has the number 1, with one Account more. */
const withNumber = (fields: JsonObject): JsonObject => ({
  resourceType: "Bundle",
  type: "transaction",
  entry: [
    {
      resource: {
        ...{ resourceType: "Patient", id: "p", name: [{ family: "Example" }], birthDate: "1980-01-01" },
        identifier: [{ value: "0" }, numbered("1")],
      },
    },
    { resource: { resourceType: "Account", ...fields } },
  ],
});
const searched = (query: string): JsonObject => withNumber({ subject: { reference: `Patient?${query}` } });
const subjectPath = "$.entry[1].resource.subject";

/** A bundle whose Patient is called so. */
const withName = (name: JsonValue): JsonObject => ({
  resourceType: "Bundle",
  type: "collection",
  entry: [{ resource: { resourceType: "Patient", id: "p", name } }],
});
const namePath = "$.entry[0].resource.name";

/** About a Patient that the Account itself contains. */
const containing = (fields: JsonObject): JsonObject =>
  withNumber({ contained: [{ resourceType: "Patient", id: "c", ...fields }], subject: [{ reference: "#c" }] });

const refusals: readonly (readonly [name: string, value: JsonValue, id: string, path: string])[] = [
  ["a list", [], "fhir/NotABundle", "$"],
  ["another resource", { resourceType: "Patient" }, "fhir/NotABundle", "$"],
  ["no type", { resourceType: "Bundle", entry: base.entry }, "fhir/BundleTypeNotImportable", "$.type"],
  ["versions", { ...base, type: "history" }, "fhir/BundleTypeNotImportable", "$.type"],
  ["an answer", { ...base, type: "transaction-response" }, "fhir/BundleTypeNotImportable", "$.type"],
  ["no entries", { ...base, entry: [] }, "fhir/NoEntries", "$.entry"],
  ["entries missing", { resourceType: "Bundle", type: "batch" }, "fhir/NoEntries", "$.entry"],
  ["entry no list", { ...base, entry: {} }, "fhir/WrongType", "$.entry"],
  ["entry no object", { ...base, entry: ["x"] }, "fhir/WrongType", "$.entry[0]"],
  ["a search in a batch", withEntries({ request: { method: "GET", url: "Patient" } }), "fhir/EntryWithoutResource", `$.entry[${last}]`],
  ["resource no object", withEntries({ resource: 1 }), "fhir/WrongType", `$.entry[${last}].resource`],
  ["no such type", withEntries(entry("BodySite", "b", {})), "fhir/UnknownResourceType", `$.entry[${last}].resource.resourceType`],
  ["bad id", withEntries(entry("Basic", "a b", {})), "fhir/BadPrimitive", `$.entry[${last}].fullUrl`],
  ["id with a slash", withEntries(entry("Basic", "a/b", {})), "fhir/BadPrimitive", `$.entry[${last}].resource.id`],
  ["id a number", withEntries({ resource: { resourceType: "Basic", id: 1 } }), "fhir/WrongType", `$.entry[${last}].resource.id`],
  ["fullUrl twice", withEntries(entry("Basic", "visit", {})), "fhir/DuplicateFullUrl", `$.entry[${last}].fullUrl`],
  [
    "no such day",
    withEntries(entry("Observation", "o", { effectiveDateTime: "2021-02-29" })),
    "fhir/BadPrimitive",
    `$.entry[${last}].resource.effectiveDateTime`,
  ],
  [
    "no such month",
    withEntries(entry("Encounter", "e", { period: { end: "2021-13" } })),
    "fhir/BadPrimitive",
    `$.entry[${last}].resource.period.end`,
  ],
  ["period a text", withEntries(entry("Encounter", "e", { period: 2021 })), "fhir/WrongType", `$.entry[${last}].resource.period`],
  ["status with a space", withEntries(entry("Claim", "c", { status: "active " })), "fhir/BadPrimitive", `$.entry[${last}].resource.status`],
  [
    "status a concept",
    withEntries(entry("Claim", "c", { status: { text: "active" } })),
    "fhir/WrongType",
    `$.entry[${last}].resource.status`,
  ],
  ["names a text", withName("Ada"), "fhir/WrongType", namePath],
  ["names texts", withName(["Ada"]), "fhir/WrongType", `${namePath}[0]`],
  [
    "a number for a family name",
    withName([{ given: ["Ada", null], family: "Sample" }, { family: 7 }]),
    "fhir/WrongType",
    `${namePath}[1].family`,
  ],
  ["a list for a name's text", withName([{ text: ["Ada"] }]), "fhir/WrongType", `${namePath}[0].text`],
  ["one given name without a list", withName([{ given: "Ada" }]), "fhir/WrongType", `${namePath}[0].given`],
  ["a number among given names", withName([{ given: ["Ada", 7] }]), "fhir/WrongType", `${namePath}[0].given`],
  ["empty meta", { ...base, meta: {} }, "fhir/WrongType", "$.meta"],
  ["empty extension", withEntries({ ...entry("Basic", "b", {}), extension: [] }), "fhir/WrongType", `$.entry[${last}].extension`],
  ["a document without composition", { ...base, type: "document" }, "fhir/DocumentWithoutComposition", "$.entry[0].resource"],
  ["no patient", { ...base, entry: base.entry.slice(1) }, "fhir/NoPatient", "$.entry"],
  ["two patients", withEntries(patientAt("q")), "fhir/SeveralPatients", "$.entry"],
  [
    "about another",
    withEntries(entry("Condition", "c", { subject: { reference: "Patient/q" } })),
    "fhir/OtherPatient",
    `$.entry[${last}].resource.subject`,
  ],
  [
    "about an unknown",
    withEntries(entry("Condition", "c", { subject: to("q") })),
    "fhir/OtherPatient",
    `$.entry[${last}].resource.subject`,
  ],
  [
    "account of another",
    withEntries(entry("Account", "a", { subject: [to("p"), to("q")] })),
    "fhir/OtherPatient",
    `$.entry[${last}].resource.subject[1]`,
  ],
  ["about the number of another", withNumber({ subject: { identifier: numbered("2") } }), "fhir/OtherPatient", subjectPath],
  [
    "about a number of another house",
    withNumber({ subject: { type: "Patient", identifier: { system: "urn:clinic", value: "1" } } }),
    "fhir/OtherPatient",
    subjectPath,
  ],
  [
    "about the number of another, with the type's address",
    withNumber({ subject: { type: "http://hl7.org/fhir/StructureDefinition/Patient", identifier: numbered("2") } }),
    "fhir/OtherPatient",
    subjectPath,
  ],
  ["about a number that is missing", withNumber({ subject: { identifier: { system: "urn:mrn" } } }), "fhir/OtherPatient", subjectPath],
  [
    "account of the number of another",
    withNumber({ subject: [{ identifier: numbered("1") }, { identifier: numbered("2") }] }),
    "fhir/OtherPatient",
    `${subjectPath}[1]`,
  ],
  [
    "about the number of another, contained",
    withNumber({ subject: { reference: "#c", identifier: numbered("2") } }),
    "fhir/OtherPatient",
    subjectPath,
  ],
  ["about whom a search for another finds", searched("identifier=urn:mrn|2"), "fhir/OtherPatient", subjectPath],
  ["about whom a coded search for another finds", searched("identifier=urn%3Amrn%7C2"), "fhir/OtherPatient", subjectPath],
  ["about whom a search for one of two finds", searched("identifier=urn:mrn|1,urn:mrn|2"), "fhir/OtherPatient", subjectPath],
  ["about whom a search by name finds", searched("family=Example"), "fhir/OtherPatient", subjectPath],
  [
    "about whom a server's search for another finds",
    withNumber({ subject: { reference: "https://a.example/fhir/Patient?identifier=2" } }),
    "fhir/OtherPatient",
    subjectPath,
  ],
  ["about a contained Patient with another number", containing({ identifier: [numbered("2")] }), "fhir/OtherPatient", `${subjectPath}[0]`],
  [
    "about a contained Patient with another name",
    containing({ identifier: [numbered("1")], name: [{ family: "Other" }] }),
    "fhir/OtherPatient",
    `${subjectPath}[0]`,
  ],
  ["about a contained Patient born on another day", containing({ birthDate: "1980-01-02" }), "fhir/OtherPatient", `${subjectPath}[0]`],
  [
    "about a contained Patient of the same family with another number",
    containing({ identifier: [numbered("2")], name: [{ family: "Example" }] }),
    "fhir/OtherPatient",
    `${subjectPath}[0]`,
  ],
  [
    "about two accounts of the ledger",
    withNumber({ subject: [logicalReference("Patient", { account: "aa" }), logicalReference("Patient", { account: "bb" })] }),
    "fhir/OtherPatient",
    `${subjectPath}[1]`,
  ],
];

describe("refuses with id and path", () => {
  test.each(refusals)("%s", (_name, value, id, path) => {
    try {
      checkBundle(value, "file.json");
    } catch (error) {
      if (!(error instanceof FhirRefusal)) throw error;
      expect([error.id, error.place, error.status]).toEqual([id, { file: "file.json", path }, 422]);
      return;
    }
    throw new Error("was not refused");
  });

  test("several patients are listed by path, not by name", () => {
    expect(() => checkBundle(withEntries(patientAt("q"), patientAt("r")), "f")).toThrow(
      `$.entry[0], $.entry[${last}], $.entry[${last + 1}]`,
    );
  });
});

const called = (given: string, fields: JsonObject = {}): JsonObject => {
  return { name: [{ family: "Twin", given: [given] }], birthDate: "2020-02-02", identifier: [numbered("1")], ...fields };
};

const patients: readonly (readonly [name: string, a: JsonObject, b: JsonObject, isTaken: boolean])[] = [
  ["in another state", entry("Patient", "a", called("Ada")), entry("Patient", "b", called("ADA", { gender: "female" })), true],
  ["the twin on the same policy", entry("Patient", "a", called("Ada")), entry("Patient", "b", called("Eve")), false],
  [
    "with another number",
    entry("Patient", "a", called("Ada")),
    entry("Patient", "b", called("Ada", { identifier: [numbered("2")] })),
    false,
  ],
  ["born on another day", entry("Patient", "a", called("Ada")), entry("Patient", "b", called("Ada", { birthDate: "2020-02-03" })), false],
  ["without a name", entry("Patient", "a", { identifier: [numbered("1")] }), entry("Patient", "b", { identifier: [numbered("1")] }), false],
  ["of whom nothing is said", { resource: { resourceType: "Patient" } }, { resource: { resourceType: "Patient" } }, false],
];

test.each(patients)("the patient once more, %s", (_name, a, b, isTaken) => {
  const about = entry("Account", "c", { subject: [{ reference: "Patient/a" }, { reference: "https://a.example/Patient/b" }] });
  const check = () => checkBundle({ resourceType: "Bundle", type: "collection", entry: [a, b, about] }, "f");
  if (isTaken) expect(check().patient).toBe(1);
  else expect(check).toThrow(expect.objectContaining({ id: "fhir/SeveralPatients" }));
});

const versioned = (versionId: string): JsonObject => entry("Basic", "v", { meta: { versionId } });
test.each<readonly [name: string, bundle: JsonObject, isTaken: boolean]>([
  ["two versions", withEntries(versioned("1"), versioned("2")), true],
  ["one version twice", withEntries(versioned("1"), versioned("1")), false],
  ["two states without versions", withEntries(entry("Basic", "v", {}), entry("Basic", "v", { language: "en" })), false],
  [
    "two states without versions in a collection",
    { ...withEntries(entry("Basic", "v", {}), entry("Basic", "v", { language: "en" })), type: "collection" },
    true,
  ],
])("one address with %s", (_name, bundle, isTaken) => {
  const check = expect(() => checkBundle(bundle, "f"));
  if (isTaken) check.not.toThrow();
  else check.toThrow(expect.objectContaining({ id: "fhir/DuplicateFullUrl" }));
});

test("the patient is found, and what is not in the bundle is named", () => {
  const checked = checkBundle(withEntries(entry("Observation", "o", { subject: to("p"), hasMember: [to("gone")] })), "f");
  expect(checked.patient).toBe(0);
  expect(checked.danglingReferences).toEqual([`$.entry[${last}].resource.hasMember[0]`]);
});

const http = (url: string, resource: JsonObject): JsonObject => ({ fullUrl: `http://a.example/fhir/${url}`, resource });
const patient = http("Patient/1", { resourceType: "Patient", id: "1" });

const references: readonly (readonly [name: string, reference: string, target: readonly number[]])[] = [
  ["relative, under the own base", "Patient/1", [0]],
  ["absolute", "http://a.example/fhir/Patient/1", [0]],
  ["a version", "Patient/1/_history/2", [0]],
  ["a part of it", "Patient/1#name", [0]],
  ["on another server", "http://b.example/fhir/Patient/1", []],
  ["contained", "#1", []],
  ["a search", "Patient?identifier=1", []],
];

test.each(references)("resolves a reference %s", (_name, reference, target) => {
  const observation = http("Observation/2", { resourceType: "Observation", id: "2", focus: { reference } });
  const checked = checkBundle({ resourceType: "Bundle", type: "searchset", entry: [patient, observation] }, "f");
  expect(checked.entries[1]?.refersTo).toEqual(target);
});

test("a fullUrl of megabytes is not read again for each relative reference of its entry, which would take minutes", () => {
  const fullUrl = `http://${"a/".repeat(1_000_000)}`;
  const member = Array.from({ length: 20_000 }, (_, index) => ({ reference: `Observation/${index}` }));
  const observation = { fullUrl, resource: { resourceType: "Observation", hasMember: member } };
  const { entries } = checkBundle({ resourceType: "Bundle", type: "searchset", entry: [patient, observation] }, "f");
  expect(entries[1]?.refersTo).toEqual([]);
});

test("without fullUrls, references are resolved by type and id", () => {
  const observation = { resource: { resourceType: "Observation", subject: { reference: "Patient/1" } } };
  const checked = checkBundle(
    { resourceType: "Bundle", type: "collection", entry: [{ resource: patient.resource ?? null }, observation] },
    "f",
  );
  expect(checked.entries[1]?.refersTo).toEqual([0]);
});

/** About the Patient with this address, in an entry with that one. */
const addressed = (patientUrl: string, fullUrl: string, reference: string): JsonObject => ({
  resourceType: "Bundle",
  type: "collection",
  entry: [
    { fullUrl: patientUrl, resource: { resourceType: "Patient", id: "1", name: [{ family: "Example" }] } },
    { fullUrl, resource: { resourceType: "Observation", id: "2", subject: { reference } } },
  ],
});
const A = "http://a.example/fhir";
const B = "https://b.example/fhir";
const URN = "urn:uuid:8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1";

test.each<readonly [name: string, bundle: JsonObject, isTaken: boolean]>([
  ["the address on a server, of a Patient without one", addressed(URN, `${URN}0`, `${B}/Patient/1`), true],
  ["the address on its server", addressed(`${A}/Patient/1`, `${A}/Observation/2`, `${A}/Patient/1/_history/3#name`), true],
  ["the id on its server", addressed(`${A}/Patient/1`, `${A}/Observation/2`, "Patient/1"), true],
  ["the id in an entry without an address of a server", addressed(`${A}/Patient/1`, URN, "Patient/1"), true],
  ["the same id on another server", addressed(`${A}/Patient/1`, `${A}/Observation/2`, `${B}/Patient/1`), false],
  ["the same id from another server", addressed(`${A}/Patient/1`, `${B}/Observation/2`, "Patient/1"), false],
])("a Patient may be named by %s", (_name, bundle, isTaken) => {
  const check = expect(() => checkBundle(bundle, "f"));
  if (isTaken) check.not.toThrow();
  else check.toThrow(expect.objectContaining({ id: "fhir/OtherPatient", place: { file: "f", path: "$.entry[1].resource.subject" } }));
});

const aPatient = (fields: JsonObject): JsonObject => ({ resourceType: "Patient", id: "b", ...fields });
const sameOnceMore = aPatient({ name: [{ family: "Example" }], birthDate: "1980-01-01" });
/** With a Bundle that is kept as a resource, in place of the Account. */
const keeping = (...resources: JsonObject[]): JsonObject =>
  withNumber({
    resourceType: "Bundle",
    type: "document",
    entry: resources.map((resource, index) => ({ fullUrl: `${URN}${index}`, resource })),
  });
const held = "$.entry[1].resource.entry";

test.each<readonly [name: string, value: JsonObject, path: string | undefined]>([
  ["another Patient in a Bundle", keeping(aPatient({ name: [{ family: "Other" }] })), `${held}[0].resource`],
  ["a Patient of whom nothing is said in a Bundle", keeping(aPatient({})), `${held}[0].resource`],
  ["the same Patient in a Bundle", keeping(sameOnceMore, { resourceType: "Condition", subject: { reference: `${URN}0` } }), undefined],
  ["the same by id", keeping(sameOnceMore, { resourceType: "Condition", subject: { reference: "Patient/b" } }), undefined],
  [
    "what is about another in a Bundle",
    keeping(sameOnceMore, { resourceType: "Condition", subject: { reference: "Patient/c" } }),
    `${held}[1].resource.subject`,
  ],
  [
    "the number of another in a Bundle",
    keeping({ resourceType: "Condition", subject: { identifier: numbered("2") } }),
    `${held}[0].resource.subject`,
  ],
  [
    "another Patient in Parameters",
    withNumber({ resourceType: "Parameters", parameter: [{ name: "x", resource: aPatient({ birthDate: "1990-01-01" }) }] }),
    "$.entry[1].resource.parameter[0].resource",
  ],
  [
    "what is about another, contained",
    withNumber({ contained: [{ resourceType: "Observation", id: "o", subject: { reference: "Patient/c" } }] }),
    "$.entry[1].resource.contained[0].subject",
  ],
  [
    "what is about another contained one, contained",
    withNumber({
      contained: [
        { resourceType: "Patient", id: "x", birthDate: "1990-01-01" },
        { resourceType: "Observation", id: "o", subject: { reference: "#x" } },
      ],
    }),
    "$.entry[1].resource.contained[1].subject",
  ],
  ["a brother or sister, contained", containing({ name: [{ family: "Example", given: ["Bob"] }] }), undefined],
  ["somebody else, contained, whom nothing is about", withNumber({ contained: [aPatient({ birthDate: "1990-01-01" })] }), undefined],
  ["a task for another", withNumber({ resourceType: "Task", for: { reference: "Patient/q" } }), "$.entry[1].resource.for"],
  ["a task for the number of another", withNumber({ resourceType: "Task", for: { identifier: numbered("2") } }), "$.entry[1].resource.for"],
  [
    "another in a study",
    withNumber({ resourceType: "ResearchSubject", individual: { reference: "Patient/q" } }),
    "$.entry[1].resource.individual",
  ],
  [
    "an appointment of another",
    withNumber({
      resourceType: "Appointment",
      participant: [{ actor: { reference: "Practitioner/d" } }, { actor: { reference: "Patient/q" } }],
    }),
    "$.entry[1].resource.participant[1].actor",
  ],
  [
    "an appointment with another beside",
    withNumber({
      resourceType: "Appointment",
      participant: [{ actor: { reference: "Patient/q" } }, { actor: { reference: "Patient/p" } }],
    }),
    undefined,
  ],
  ["a group", withNumber({ subject: { reference: "Group/g" } }), undefined],
  ...["Patient/q#x", "Patient/q_2", "Patient/q/", "patient/q", " Patient/q", "Patient/q ", `Patient/${"q".repeat(70)}`].map(
    (reference) => [`an odd reference ${reference}`, withNumber({ subject: { reference } }), subjectPath] as const,
  ),
  ["a page of another", withNumber({ subject: { reference: "https://h/fhir/Patient/q?_format=json" } }), subjectPath],
])("of %s it is known whether it belongs to the bundle's Patient", (_name, value, path) => {
  const check = expect(() => checkBundle(value, "f"));
  if (path === undefined) check.not.toThrow();
  else check.toThrow(expect.objectContaining({ id: "fhir/OtherPatient", place: { file: "f", path } }));
});

test("a twin inside is another, whatever policy they share", () => {
  const twin = (given: string): JsonObject => ({
    ...{ name: [{ family: "Twin", given: [given] }], birthDate: "2020-02-02" },
    identifier: [{ ...numbered("1"), type: { coding: [{ code: "MB" }] } }],
  });
  const about = (given: string): JsonObject => {
    const contained = [{ resourceType: "Patient", id: "c", ...twin(given) }];
    const account = { resourceType: "Account", contained, subject: [{ reference: "#c" }] };
    return { resourceType: "Bundle", type: "collection", entry: [entry("Patient", "p", twin("Ada")), { resource: account }] };
  };
  expect(() => checkBundle(about("ADA"), "f")).not.toThrow();
  expect(() => checkBundle(about("Eve"), "f")).toThrow(expect.objectContaining({ id: "fhir/OtherPatient" }));
});

test.each(["MedicinalProductAuthorization", "SubstanceSpecification"])("the status of a %s is a concept", (type) => {
  expect(() => checkBundle(withEntries(entry(type, "a", { status: { coding: [{ code: "active" }] } })), "f")).not.toThrow();
});

test.each<readonly [name: string, value: JsonValue]>([
  ["by a number", withNumber({ subject: { type: "Patient", identifier: numbered("1") } })],
  ["by a number without its system", withNumber({ subject: { identifier: { value: "1" } } })],
  ["by an address, with a number beside", withNumber({ subject: { reference: "Patient/p", identifier: numbered("2") } })],
  ["by a search", searched("identifier=urn:mrn|1")],
  ["by a coded search", searched("identifier=urn%3Amrn%7C1")],
  ["by a search without the system", searched("identifier=0")],
  ["by an account of the ledger", withNumber({ subject: logicalReference("Patient", { account: "aa" }) })],
  ["by a contained Patient with the number", containing({ identifier: [numbered("1")] })],
  ["by a contained Patient of whom nothing is said", containing({})],
  [
    "by a contained Patient with another house's number, of the same name and birth date",
    containing({ identifier: [{ system: "urn:clinic", value: "9" }], name: [{ family: "EXAMPLE" }], birthDate: "1980-01-01" }),
  ],
  ["not at all, but a device", withNumber({ subject: { type: "Device", identifier: numbered("2") } })],
  ["not at all, but somebody beside", withNumber({ subject: { identifier: numbered("1") }, owner: { identifier: numbered("2") } })],
])("a resource may name the bundle's patient %s", (_name, value) => {
  expect(() => checkBundle(value, "f")).not.toThrow();
});
