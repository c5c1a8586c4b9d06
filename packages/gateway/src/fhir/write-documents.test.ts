import { isDeepStrictEqual } from "node:util";
import { webRandom } from "@galen/sdk/keys/random";
import { expect, it } from "vitest";
import { checkBundle } from "./bundle.ts";
import { type JsonObject, writeJson } from "./json-value.ts";
import { splitBundle } from "./split.ts";
import { entry, sampleBundle, to } from "./testing/sample-bundle.ts";
import { writeDocuments } from "./write-documents.ts";

/** Base64 of noise, which no compression brings below three quarters; random bytes come by 64 KiB at most. */
const noise = (sizeBytes: number) =>
  Array.from({ length: Math.ceil(sizeBytes / 49_152) }, () => Buffer.from(webRandom(49_152)).toString("base64")).join("");
const photo = (id: string, encounter: string, data: string) => entry("Media", id, { encounter: to(encounter), content: { data } });

const MIB = 1_048_576;
const base = sampleBundle();
const rows: readonly (readonly [name: string, added: readonly JsonObject[], path: string | undefined])[] = [
  ["all small", [], undefined],
  ["noise of 12 MiB", [photo("x", "stay", noise(12 * MIB))], undefined],
  ["noise of 17 MiB", [photo("x", "visit", "AA=="), photo("y", "stay", noise(17 * MIB))], `$.entry[${base.entry.length + 1}]`],
  ["17 MiB of noise, one part in each encounter", [photo("x", "visit", noise(9 * MIB)), photo("y", "stay", noise(8 * MIB))], undefined],
  ["17 MiB that is one letter", [photo("x", "stay", "A".repeat(17 * MIB))], undefined],
  ["one letter, more than is ever read again", [photo("x", "stay", "A".repeat(64 * MIB))], `$.entry[${base.entry.length}]`],
];

it.each(rows)("writes what can be sealed and read again, and finds what cannot: %s", async (_, added, path) => {
  const documents = await splitBundle(checkBundle({ ...base, entry: [...base.entry, ...added] }, "f"));
  const written = await writeDocuments(documents, "big.json");
  if (!path) {
    const expected = documents.map(({ key, facts, bundle }) => ({ key, facts, plaintext: writeJson(bundle) }));
    // Compared as one value: a difference of megabytes is nothing to print.
    return expect(isDeepStrictEqual(written, expected)).toBe(true);
  }
  const refusal = { id: "fhir/DocumentTooLarge", status: 413, place: { file: "big.json", path } };
  expect(written).toMatchObject({ refusal, document: documents[2] });
});
