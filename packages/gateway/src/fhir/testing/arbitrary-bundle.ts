import fc from "fast-check";
import { exactNumber, type JsonObject, type JsonValue } from "../json-value.ts";

const types = [
  "Encounter",
  "Encounter",
  "Observation",
  "Condition",
  "Claim",
  "Practitioner",
  "Organization",
  "Coverage",
  "Goal",
  "Provenance",
];

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const number = fc.oneof(fc.integer(), fc.constantFrom("1.10", "0.500", "1e3", "-0", "12345678901234567890").map(exactNumber));
const extension: fc.Arbitrary<JsonObject> = fc.record({ url: fc.constant("urn:example:any"), valueString: text });

/** Any bundle that the import takes: references between any two entries, in any direction, cycles too; odd extensions and heads. */
export const arbitraryBundle: fc.Arbitrary<JsonObject> = fc
  .record({
    head: fc.record(
      {
        id: fc.constant("bundle-1"),
        timestamp: fc.constant("2020-01-01T00:00:00Z"),
        meta: fc.oneof(
          fc.record({ lastUpdated: fc.constant("2020-01-01T00:00:00Z") }),
          fc.record({ extension: fc.array(extension, { minLength: 1, maxLength: 2 }) }),
        ),
        link: fc.constant([{ relation: "self", url: "https://example.org" }]),
      },
      { requiredKeys: [] },
    ),
    type: fc.constantFrom("transaction", "batch", "collection", "searchset"),
    others: fc.array(entry(), { maxLength: 25 }),
    patientAt: fc.nat(),
  })
  .map(({ head, type, others, patientAt }) => {
    const entries: JsonObject[] = others.map((make, index) => make(index, others.length));
    entries.splice(patientAt % (entries.length + 1), 0, {
      fullUrl: "urn:uuid:patient",
      resource: { resourceType: "Patient", id: "patient" },
    });
    return { resourceType: "Bundle", ...head, type, entry: entries };
  });

function entry(): fc.Arbitrary<(index: number, count: number) => JsonObject> {
  return fc
    .record({
      type: fc.constantFrom(...types),
      named: fc.boolean(),
      targets: fc.array(fc.nat(), { maxLength: 3 }),
      note: text,
      value: number,
      extensions: fc.array(extension, { maxLength: 2 }),
    })
    .map(({ type, named, targets, note, value, extensions }) => (index, count) => {
      const links: JsonValue = targets.map((target) => ({ reference: `urn:uuid:${target % count}` }));
      return {
        ...(named ? { fullUrl: `urn:uuid:${index}` } : {}),
        resource: { resourceType: type, note: [{ text: note }], subject: { reference: "urn:uuid:patient" }, value, links },
        ...(extensions.length > 0 ? { extension: extensions } : {}),
      };
    });
}
