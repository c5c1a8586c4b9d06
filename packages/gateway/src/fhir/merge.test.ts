import { outsideBytes, outsideData, outsideFiles } from "@galen/ledger/testing/outside-data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBundle } from "./bundle.ts";
import { compareBundles } from "./compare.ts";
import { canonicalText, isObject, type JsonObject, type JsonValue, objectsAt, writeJson } from "./json-value.ts";
import { mergeDocuments } from "./merge.ts";
import { readJson } from "./read-json.ts";
import { FhirRefusal } from "./refusal.ts";
import { splitBundle } from "./split.ts";
import { arbitraryBundle } from "./testing/arbitrary-bundle.ts";
import { entry, sampleBundle, to } from "./testing/sample-bundle.ts";

/** The documents as they come back from storage: written, and read again. */
async function documentsOf(bundle: JsonValue): Promise<JsonValue[]> {
  const documents = await splitBundle(checkBundle(bundle, "f"));
  return documents.map((document) => readJson(writeJson(document.bundle), "document"));
}

const fullUrls = (bundle: JsonObject) => objectsAt(bundle, "entry").map(({ fullUrl }) => fullUrl);
const base = sampleBundle();

test("property: split, then merge in any order of the documents, is the identity", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBundle, fc.infiniteStream(fc.nat()), async (bundle, random) => {
      const documents = await documentsOf(bundle);
      const shuffled = documents.map((document) => ({ document, rank: random.next().value })).sort((a, b) => a.rank - b.rank);
      expect(canonicalText(mergeDocuments(shuffled.map(({ document }) => document)))).toBe(canonicalText(bundle));
    }),
    { numRuns: 300 },
  );
});

const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json") ?? [];

describe.skipIf(naughty.length === 0)(`${naughty.length} naughty strings`, () => {
  /** A bundle in which somebody's name, a finding and a remark are this text. */
  const bundleOf = (text: string): JsonValue => ({
    resourceType: "Bundle",
    type: "collection",
    entry: [
      { fullUrl: "urn:uuid:p", resource: { resourceType: "Patient", id: "p", name: [{ family: text, given: [text] }] } },
      {
        fullUrl: "urn:uuid:o",
        resource: {
          resourceType: "Observation",
          id: "o",
          status: "final",
          code: { text },
          valueString: text,
          note: [{ text }],
          subject: to("p"),
        },
      },
    ],
  });

  test("come back as they were", async () => {
    for (const text of naughty) {
      const bundle = readJson(Buffer.from(JSON.stringify(bundleOf(text))), "f");
      expect(canonicalText(mergeDocuments(await documentsOf(bundle)))).toBe(canonicalText(bundleOf(text)));
    }
  });
});

test("a document given twice is merged once", async () => {
  const documents = await documentsOf(base);
  expect(canonicalText(mergeDocuments([...documents, ...documents]))).toBe(canonicalText(base));
});

test("without one encounter's document the rest keeps its order, and what others also need is still there", async () => {
  const [general, , stay] = await documentsOf(base);
  const ids = ["p", "clinic", "stay", "nuts", "signature", "unused"];
  expect(fullUrls(mergeDocuments([stay ?? null, general ?? null]))).toEqual(ids.map((id) => `urn:uuid:${id}`));
});

test("two documents that disagree about a position are both kept", async () => {
  const [general] = await documentsOf(base);
  const forged = JSON.parse(JSON.stringify(general).replace("Ada", "Eve")) as JsonValue;
  expect(fullUrls(mergeDocuments([general ?? null, forged])).filter((url) => url === "urn:uuid:p").length).toBe(2);
});

test("bundles follow each other in the order of import, equal entries once, facts of one bundle dropped", async () => {
  const later = { ...base, id: "later", entry: [...base.entry.slice(0, 1), entry("Encounter", "new", { subject: to("p") })] };
  const merged = mergeDocuments([...(await documentsOf(base)), ...(await documentsOf(later))]);
  expect(fullUrls(merged)).toEqual([...base.entry.map(({ fullUrl }) => fullUrl), "urn:uuid:new"]);
  expect([merged.type, merged.id]).toEqual(["transaction", undefined]);
});

test("the label of a bundle stays with its documents in any order, and with what several are merged into", async () => {
  const security = [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSY" }];
  const labelled = { ...base, meta: { security, source: "urn:clinic" } };
  const documents = await documentsOf(labelled);
  for (const given of [documents, documents.toReversed()]) expect(canonicalText(mergeDocuments(given))).toBe(canonicalText(labelled));
  expect(mergeDocuments([...(await documentsOf(base)), ...documents.slice(1)]).meta).toEqual({ security });
});

describe("entries that are equal in all, without id or address", () => {
  const bare = (resourceType: string) => ({ resource: { resourceType, status: "finished" } });
  const [patient, visit, note] = [{ resource: { resourceType: "Patient", id: "p" } }, bare("Encounter"), bare("Observation")];
  const place = { fullUrl: "urn:uuid:l", resource: { resourceType: "Location", id: "l" } };
  const there = { resource: { ...visit.resource, location: [{ location: { reference: "urn:uuid:l" } }] } };
  const bundleOf = (...entry: readonly JsonObject[]) => ({ resourceType: "Bundle", type: "collection", entry: [patient, ...entry] });

  /** What is on file after an import of each, in this order: a document whose key is there is not filed again. */
  async function filedOf(bundles: readonly JsonValue[]): Promise<readonly JsonValue[]> {
    const filed = new Map<string, JsonValue>();
    for (const bundle of bundles) {
      for (const document of await splitBundle(checkBundle(bundle, "f"))) {
        if (!filed.has(document.key)) filed.set(document.key, readJson(writeJson(document.bundle), "document"));
      }
    }
    return [...filed.values()];
  }

  test.each<readonly [string, readonly JsonObject[], readonly JsonObject[], readonly JsonObject[]]>([
    ["one visit, then two", [visit], [visit, visit], [visit, visit]],
    ["two visits, then one and something new", [visit, visit], [visit, note], [visit, visit, note]],
    ["one visit, then three", [visit], [visit, visit, visit], [visit, visit, visit]],
    ["two visits at a place, then three", [place, there, there], [place, there, there, there], [place, there, there, there]],
    ["one entry without a visit, then two", [note], [note, note], [note, note]],
  ])("are there as often as a bundle has them: %s", async (_name, first, second, all) => {
    const bundles = [bundleOf(...first), bundleOf(...second)];
    const merged = objectsAt(mergeDocuments(await filedOf(bundles)), "entry");
    expect(merged.map((one) => canonicalText(one)).sort()).toEqual([patient, ...all].map((one) => canonicalText(one)).sort());
    // As two houses file them, each under ids of its own.
    const twice = [...(await documentsOf(bundles[0]!)), ...(await documentsOf(bundles[1]!))];
    expect(objectsAt(mergeDocuments(twice), "entry")).toHaveLength(1 + all.length);
  });

  test("come back with a bundle whose own extensions look like marks", async () => {
    const extension = [{ url: "urn:galen:fhir:equals-before", valueUnsignedInt: 7 }];
    const bundle = { ...bundleOf(visit, visit), meta: { extension } };
    expect(canonicalText(mergeDocuments(await documentsOf(bundle)))).toBe(canonicalText(bundle));
  });
});

test("bundles of different types become a collection, which has no requests", async () => {
  const other = { resourceType: "Bundle", type: "collection", entry: [entry("Patient", "p", {})] };
  const merged = mergeDocuments([...(await documentsOf(base)), ...(await documentsOf(other))]);
  expect(merged.type).toBe("collection");
  expect(objectsAt(merged, "entry").filter(({ request }) => request !== undefined)).toEqual([]);
});

test("an entry that differs by its request only is there once in a collection", async () => {
  const other = { resourceType: "Bundle", type: "collection", entry: base.entry.map(({ request: _request, ...own }) => own) };
  const merged = mergeDocuments([...(await documentsOf(base)), ...(await documentsOf(other))]);
  expect(canonicalText(merged)).toBe(canonicalText(other));
});

test("what two bundles say of the same patient and visit is a bundle that can be imported again, with nothing lost", async () => {
  const [patient, ...others] = base.entry as [JsonObject, ...JsonObject[]];
  const changed = { ...patient, resource: { ...(patient.resource as JsonObject), gender: "female" } };
  const visit = entry("Encounter", "visit", { subject: to("p"), status: "finished" });
  const later = { ...base, entry: [changed, visit, entry("Encounter", "new", { subject: { reference: "Patient/p" } })] };
  const merged = mergeDocuments([...(await documentsOf(base)), ...(await documentsOf(later))]);
  expect(objectsAt(merged, "entry").map(({ resource }) => resource)).toEqual(
    [patient, ...others, changed, visit, later.entry[2]!].map(({ resource }) => resource),
  );
  expect(merged.type).toBe("collection");
  expect(canonicalText(mergeDocuments(await documentsOf(merged)))).toBe(canonicalText(merged));
});

test("a bundle that came from no split is taken as it is", () => {
  expect(mergeDocuments([base])).toEqual(base);
});

test("a document that gives one position to all its entries keeps nobody waiting for minutes", async () => {
  const [general] = await documentsOf(base);
  const mark = objectsAt(objectsAt(general as JsonObject, "entry")[0], "extension");
  const forged = Array.from({ length: 20_000 }, (_, index) => ({ extension: mark, resource: { resourceType: "Basic", id: `${index}` } }));
  const merged = mergeDocuments([general ?? null, { ...(general as JsonObject), entry: forged }]);
  expect(objectsAt(merged, "entry").length).toBe(20_000 + objectsAt(general as JsonObject, "entry").length);
});

const refusals: readonly (readonly [string, readonly JsonValue[], string])[] = [
  ["nothing", [], "fhir/NoEntries"],
  ["no bundle", [{ resourceType: "Patient" }], "fhir/NotABundle"],
  ["a text", ["x"], "fhir/NotABundle"],
];

test.each(refusals)("refuses %s", (_name, documents, id) => {
  expect(() => mergeDocuments(documents)).toThrow(expect.objectContaining({ name: "FhirRefusal", id }));
});

const folders = ["fhir/synthea-patients", "fhir/r4-spec-examples", "fhir/us-core/examples", "fhir/validator-cases/input"];
const elsewhere = [
  "wearables/fhir-phd",
  "insurance/cms-blue-button-synthetic",
  "medical-staff/us-core",
  "credentials/smart-health-cards/fixtures",
];
const bundles = [...folders, ...elsewhere].flatMap(outsideFiles).filter((path) => isBundle(readOutside(path)));
const importable = bundles.filter((path) => refusalOf(path) === undefined);

function readOutside(path: string): JsonValue {
  try {
    return readJson(outsideBytes(path) ?? new Uint8Array(), path);
  } catch (error) {
    if (error instanceof FhirRefusal) return null;
    throw error;
  }
}

function isBundle(value: JsonValue): boolean {
  return isObject(value) && value.resourceType === "Bundle";
}

function refusalOf(path: string): string | undefined {
  try {
    checkBundle(readOutside(path), path);
    return undefined;
  } catch (error) {
    if (error instanceof FhirRefusal) return error.id;
    throw error;
  }
}

describe.skipIf(bundles.length === 0)(`real bundles, ${importable.length} of ${bundles.length} importable`, () => {
  test.each(importable)("%s comes back equal", async (path) => {
    const bundle = readOutside(path);
    const merged = mergeDocuments(await documentsOf(bundle));
    expect(canonicalText(merged) === canonicalText(bundle)).toBe(true);
    expect(isObject(bundle) && compareBundles(bundle, merged).differences).toEqual([]);
  });

  test("all synthetic patients of others are importable", () => {
    expect(bundles.filter((path) => path.startsWith("fhir/synthea-patients/") && !importable.includes(path))).toEqual([]);
  });

  test("the rest is refused for its patients, for what states nothing about one, or for dates masked by the publisher", () => {
    const refused = bundles.filter((path) => !importable.includes(path));
    const reasons = refused.map((path) => [path.split("/")[0], refusalOf(path)] as const);
    const expected = ["fhir/NoPatient", "fhir/SeveralPatients", "fhir/EntryWithoutResource", "fhir/BundleTypeNotImportable"];
    expect(
      reasons.filter(([folder, id]) => !expected.includes(id ?? "") && !(folder === "insurance" && id === "fhir/BadPrimitive")),
    ).toEqual([]);
  });
});
