import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBundle } from "./bundle.ts";
import { describeDocument, resourcesOf } from "./document-facts.ts";
import { isObject, type JsonObject, type JsonValue, objectAt, objectsAt, textAt } from "./json-value.ts";
import { splitBundle } from "./split.ts";
import { arbitraryBundle } from "./testing/arbitrary-bundle.ts";
import { entry, sampleBundle, to } from "./testing/sample-bundle.ts";

const split = (bundle: JsonValue) => splitBundle(checkBundle(bundle, "f"));
const idsOf = (bundle: JsonObject) => resourcesOf(bundle).map((resource) => textAt(resource, "id"));

async function splitIds(bundle: JsonValue) {
  return (await split(bundle)).map(({ bundle }) => idsOf(bundle));
}

test("one general document, then one for each encounter with all that belongs to it", async () => {
  expect(await splitIds(sampleBundle())).toEqual([
    ["p", "nuts", "signature", "unused"],
    ["clinic", "doctor", "visit", "pills", "goal", "plan", "claim", "benefit"],
    ["clinic", "stay"],
  ]);
});

const base = sampleBundle();

const belongings: readonly (readonly [name: string, added: JsonObject[], documents: readonly number[]])[] = [
  ["what names one encounter", [entry("Observation", "x", { encounter: to("stay") })], [2]],
  ["what names it deep inside", [entry("DocumentReference", "x", { context: { encounter: [to("stay")] } })], [2]],
  ["what names two encounters", [entry("Claim", "x", { item: [{ encounter: [to("visit"), to("stay")] }] })], [0]],
  ["what points to a thing of an encounter", [entry("ClaimResponse", "x", { request: to("claim") })], [1]],
  [
    "what things of two encounters point to",
    [
      entry("Specimen", "x", {}),
      entry("Observation", "y", { encounter: to("visit"), specimen: to("x") }),
      entry("Observation", "z", { encounter: to("stay"), specimen: to("x") }),
    ],
    [0],
  ],
  [
    "a chain",
    [entry("Task", "x", { basedOn: to("y") }), entry("Task", "y", { basedOn: to("z") }), entry("Task", "z", { focus: to("plan") })],
    [1],
  ],
  ["a circle of its own", [entry("Task", "x", { basedOn: to("y") }), entry("Task", "y", { basedOn: to("x") })], [0]],
  [
    "cover, though only one claim refers to it",
    [
      entry("Coverage", "x", { beneficiary: to("p") }),
      entry("Claim", "y", { item: [{ encounter: to("stay") }], insurance: [{ coverage: to("x") }] }),
    ],
    [0],
  ],
  [
    "a medicine that only one encounter used",
    [entry("Medication", "x", {}), entry("MedicationRequest", "y", { encounter: to("stay"), medicationReference: to("x") })],
    [2],
  ],
  [
    "an address two steps away",
    [
      entry("Location", "x", {}),
      entry("Organization", "y", { location: to("x") }),
      entry("Observation", "z", { encounter: to("stay"), performer: [to("y")] }),
    ],
    [2],
  ],
  [
    "a file that a letter of the encounter names by its address",
    [
      entry("DocumentReference", "y", { context: { encounter: [to("stay")] }, content: [{ attachment: { url: "urn:uuid:x" } }] }),
      entry("Binary", "x", {}),
    ],
    [2],
  ],
  [
    "a file that a report of the encounter names by type and id",
    [entry("DiagnosticReport", "y", { encounter: to("stay"), presentedForm: [{ url: "Binary/x" }] }), entry("Binary", "x", {})],
    [2],
  ],
  [
    "what is no file, though an extension has its address",
    [entry("Basic", "x", {}), entry("Observation", "y", { encounter: to("stay"), extension: [{ url: "urn:uuid:x" }] })],
    [0],
  ],
  [
    "a clinic that general things name, too",
    [
      entry("Organization", "x", {}),
      entry("Observation", "y", { performer: [to("x")] }),
      entry("Observation", "z", { encounter: to("stay"), performer: [to("x")] }),
    ],
    [0, 2],
  ],
];

describe("belongs to the document", () => {
  test.each(belongings)("%s", async (_name, added, documents) => {
    const ids = await splitIds({ ...base, entry: [...base.entry, ...added] });
    expect(ids.flatMap((own, index) => (own.includes("x") ? [index] : []))).toEqual(documents);
  });
});

test("the patient's own data is in no encounter's document", async () => {
  const [, ...encounters] = await split(base);
  expect(encounters.flatMap(({ bundle }) => resourcesOf(bundle)).filter(({ resourceType }) => resourceType === "Patient")).toEqual([]);
});

test("visits that are equal in all, and have no ids, are documents of their own", async () => {
  const visit = { resource: { resourceType: "Encounter", status: "finished", subject: to("p") } };
  const keysWith = async (...visits: JsonObject[]) => (await split({ ...base, entry: [base.entry[0]!, ...visits] })).map(({ key }) => key);
  const keys = await keysWith(visit, visit, visit);
  expect(new Set(keys).size).toBe(4);
  expect(keys.slice(0, 3)).toEqual(await keysWith(visit, visit));
  expect(keys.slice(0, 2)).toEqual(await keysWith(visit));
});

test("the label of a bundle counts for all of it, unless it is the sum of what entries say", async () => {
  const meta = { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSY" }] };
  const letter = { ...base, meta, type: "document", entry: [entry("Composition", "c", { title: "Letter" }), ...base.entry] };
  const compartmentsOf = async (bundle: JsonValue) => (await split(bundle)).map(({ facts }) => facts.compartment);
  expect(await compartmentsOf(letter)).toEqual(["mental-health"]);
  expect(await compartmentsOf({ ...base, meta })).toEqual(["mental-health", "mental-health", "mental-health"]);
  const [patient, ...others] = base.entry;
  const visit = entry("Encounter", "psychiatry", { meta });
  const explained = await compartmentsOf({ ...base, meta, entry: [patient!, ...others, visit] });
  expect(explained).toEqual(["mental-health", "general", "general", "mental-health"]);
});

test("refuses a file whose visits would carry more copies of one entry than fit in memory", async () => {
  const clinic = entry("Organization", "large", { name: "x".repeat(200_000) });
  const visits = Array.from({ length: 1_500 }, (_, index) => entry("Encounter", `e${index}`, { serviceProvider: to("large") }));
  await expect(split({ ...base, entry: [base.entry[0]!, clinic, ...visits] })).rejects.toMatchObject({
    id: "fhir/TooManyCopies",
    place: { file: "f", path: "$.entry[1]" },
  });
});

test("facts of a document", async () => {
  const [general, visit] = await split(base);
  expect(visit?.facts).toEqual({
    compartment: "general",
    period: { start: "2020-05-01", end: "2020-05-01" },
    title: "Check up",
    counts: {
      Organization: 1,
      Practitioner: 1,
      Encounter: 1,
      MedicationRequest: 1,
      Goal: 1,
      CarePlan: 1,
      Claim: 1,
      ExplanationOfBenefit: 1,
    },
  });
  expect(general?.facts.title).toBe("General: Patient, AllergyIntolerance, Provenance, Location");
});

test("a bundle of type document stays whole, byte for byte", async () => {
  const bundle = { ...base, type: "document", entry: [entry("Composition", "c", { title: "Letter" }), ...base.entry] };
  const documents = await split(bundle);
  expect(documents.map((document) => document.bundle)).toEqual([bundle]);
  expect(documents[0]?.facts.title).toBe("Letter");
});

test("a document is a FHIR Bundle of the source's type and keeps fullUrl and request", async () => {
  const [, visit] = await split(base);
  expect(visit?.bundle.type).toBe("transaction");
  expect(objectsAt(visit?.bundle, "entry").map(({ fullUrl, request }) => [fullUrl, isObject(request)])).toContainEqual([
    "urn:uuid:visit",
    true,
  ]);
});

describe("keys", () => {
  const keysOf = async (bundle: JsonValue) => (await split(bundle)).map(({ key }) => key);

  // Whoever imports once more with a later version of Galen files twice what has another key by then.
  test("are the hash of RFC 8785 of what the document says, without the marks", async () => {
    const hash = (value: unknown) => createHash("sha256").update(canonicalize(value)!).digest("hex");
    const source = hash(base);
    for (const [index, { key, bundle }] of (await split(base)).entries()) {
      const ids = idsOf(bundle);
      const own = base.entry.filter((one) => ids.includes(textAt(objectAt(one, "resource"), "id")));
      expect(key).toBe(hash({ ...(index === 0 ? base : { resourceType: "Bundle", type: base.type }), entry: own }));
      expect(objectsAt(objectAt(bundle, "meta"), "extension")).toContainEqual({ url: "urn:galen:fhir:source-bundle", valueString: source });
    }
  });

  test("are equal for the same content, whatever the order of keys in an object", async () => {
    const reordered = {
      entry: base.entry.map((own) => Object.fromEntries(Object.entries(own).reverse())),
      type: "transaction",
      resourceType: "Bundle",
    };
    expect(await keysOf(reordered)).toEqual(await keysOf(base));
  });

  test("of earlier encounters stay when a later export brings a new one", async () => {
    const before = await keysOf(base);
    const after = await keysOf({ ...base, entry: [entry("Encounter", "new", {}), ...base.entry] });
    expect(after.length).toBe(before.length + 1);
    expect(before.filter((key) => !after.includes(key))).toEqual([]);
  });

  test("change with the content", async () => {
    const changed = base.entry.map((own) =>
      own.fullUrl === "urn:uuid:pills" ? entry("MedicationRequest", "pills", { encounter: to("visit"), note: [] }) : own,
    );
    const before = await keysOf(base);
    const after = await keysOf({ ...base, entry: changed });
    expect(after.map((key, index) => key === before[index])).toEqual([true, false, true]);
  });
});

test("property: each entry is in a document, encounters in one only, and what is no directory in exactly one", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBundle, async (bundle) => {
      const checked = checkBundle(bundle, "f");
      const documents = await splitBundle(checked);
      const homes = new Map<number, number>();
      for (const { bundle: document } of documents) {
        for (const own of objectsAt(document, "entry")) {
          const position = objectsAt(own, "extension")[0]?.valueUnsignedInt;
          if (typeof position === "number") homes.set(position, (homes.get(position) ?? 0) + 1);
        }
      }
      const isDirectory = (type: string) => type === "Practitioner" || type === "Organization";
      expect(
        checked.entries.filter(({ position, type }) => (isDirectory(type) ? !homes.has(position) : homes.get(position) !== 1)),
      ).toEqual([]);
      expect(documents.length).toBe(1 + checked.entries.filter(({ type }) => type === "Encounter").length);
      expect(
        documents
          .map(({ bundle: document, facts }) => [facts, describeDocument(document)])
          .filter(([a, b]) => JSON.stringify(a) !== JSON.stringify(b)),
      ).toEqual([]);
      expect(objectAt(documents[0]?.bundle, "meta")).toBeDefined();
    }),
  );
});
