import { describe, expect, it } from "vitest";
import { checkBundle } from "./bundle.ts";
import { createNote } from "./clinical-note.ts";
import { namedBy, readCoSignature } from "./co-signature.ts";
import { compareBundles } from "./compare.ts";
import { contentHash } from "./content-hash.ts";
import { createCoSignature, isCoSignable } from "./create-co-signature.ts";
import { describeDocument, resourcesOf } from "./document-facts.ts";
import { type JsonObject, writeJson } from "./json-value.ts";
import { mergeDocuments } from "./merge.ts";
import { createPrescription } from "./prescription.ts";
import { readJson } from "./read-json.ts";
import { splitBundle } from "./split.ts";
import { sampleBundle } from "./testing/sample-bundle.ts";
import { composeDocument, logicalReference } from "./written-document.ts";

const authorship = {
  writtenAt: Date.UTC(2026, 10, 26, 9, 30),
  uuid: "8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1",
  author: { account: "aa".repeat(32), name: "Dr. Ada Example" },
  patient: "bb".repeat(32),
};
const colleague = { account: "dd".repeat(32), name: "Dr. Ben Colleague" };
const organisation = { account: "cc".repeat(32), name: "Example Hospital" };
const objectId = "0b".repeat(32);

const note = createNote({ ...authorship, title: "Visit", text: "Feels better.\n血压 128/82" });
const prescribed = (code?: { readonly system: string; readonly code: string }) =>
  createPrescription({
    ...authorship,
    medicine: "Ramipril 2.5 mg tablet",
    code,
    dose: "0.50",
    doseUnit: "{tablet}",
    unitName: "tablets",
    timesPerDay: 2,
    asNeeded: false,
    durationDays: 30,
    quantity: "30",
    instructions: "½ tablet twice a day",
    note: "",
  });
/** As it comes out of the sealed bytes. */
const sealed = (document: JsonObject) => readJson(writeJson(document), "document") as JsonObject;
const write = async (content: JsonObject) => {
  const { compartment } = describeDocument(content);
  const by = { writtenAt: authorship.writtenAt + 60_000, uuid: "11111111-9ed0-4d0b-a5a6-37b0f5b7a3c1", author: colleague, organisation };
  return sealed(
    await createCoSignature({ ...by, patient: authorship.patient, title: "Co-signature", signed: { objectId, content, compartment } }),
  );
};
const provenanceIn = (document: JsonObject) => resourcesOf(document).find(({ resourceType }) => resourceType === "Provenance")!;

describe("a co-signature", () => {
  it("is a Provenance that verifies exactly this resource, in the codes of the standards", async () => {
    const who = {
      who: logicalReference("Practitioner", colleague),
      onBehalfOf: logicalReference("Organization", organisation),
    };
    const recorded = "2026-11-26T09:31:00.000Z";
    expect(provenanceIn(await write(note))).toEqual({
      resourceType: "Provenance",
      target: [{ reference: `urn:uuid:${authorship.uuid}`, type: "DocumentReference" }],
      recorded,
      activity: {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion", code: "AU", display: "authenticated" }],
      },
      agent: [
        {
          type: {
            coding: [
              { system: "http://terminology.hl7.org/CodeSystem/provenance-participant-type", code: "verifier", display: "Verifier" },
            ],
          },
          ...who,
        },
      ],
      entity: [
        {
          role: "source",
          what: {
            extension: [{ url: "urn:galen:fhir:content-hash", valueString: await contentHash(note) }],
            type: "Bundle",
            identifier: { system: "urn:galen:object", value: objectId },
          },
        },
      ],
      signature: [
        {
          type: [{ system: "urn:iso-astm:E1762-95:2013", code: "1.2.840.10065.1.12.1.5", display: "Verification Signature" }],
          when: recorded,
          ...who,
        },
      ],
    });
  });

  it("fits what was signed, before sealing and after, and repeats nothing of it", async () => {
    for (const content of [note, prescribed()]) {
      const written = await write(content);
      const read = readCoSignature(written)!;
      expect(await namedBy(read, { objectId, content })).toBe("this");
      expect(await namedBy(read, { objectId, content: sealed(content) })).toBe("this");
      expect(read.signer).toBe(colleague.account);
      expect(JSON.stringify(written)).not.toMatch(/Visit|Feels|Ramipril/);
    }
  });

  it("does not fit other words, however alike, nor another document with the same words", async () => {
    const read = readCoSignature(await write(prescribed()))!;
    const text = new TextDecoder().decode(writeJson(prescribed()));
    const other = (from: string, into: string) => readJson(new TextEncoder().encode(text.replace(from, into)), "document") as JsonObject;
    const named = (content: JsonObject, id = objectId) => namedBy(read, { objectId: id, content });
    expect(await named(other('"value":0.50', '"value":0.5'))).toBe("otherText");
    expect(await named(other("½ tablet", "½\u00a0tablet"))).toBe("otherText");
    expect(await named(other('"status":"active"', '"status":"stopped"'))).toBe("otherText");
    expect(await named(other(`"fullUrl":"urn:uuid:${authorship.uuid}"`, '"fullUrl":"urn:uuid:other"'))).toBe("otherDocument");
    expect(await named(prescribed(), "0c".repeat(32))).toBe("otherDocument");
  });

  const ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm";
  it.each([
    ["a note", note, "general"],
    ["a prescription", prescribed(), "medication"],
    ["what belongs to alcohol and drugs", prescribed({ system: ICD_10, code: "F10.2" }), "substance-use"],
    ["what belongs to mental health", prescribed({ system: ICD_10, code: "F32.1" }), "mental-health"],
    ["what belongs to sexual health", prescribed({ system: ICD_10, code: "B20" }), "sexual-health"],
    ["what belongs to genetics", prescribed({ system: ICD_10, code: "Z15.0" }), "genetics"],
  ])("belongs where the document belongs: %s", async (_, content, compartment) => {
    expect(describeDocument(content).compartment).toBe(compartment);
    expect(describeDocument(await write(content)).compartment).toBe(compartment);
  });

  it("leaves the record as one FHIR bundle that can be imported again, equal in all", async () => {
    const merged = mergeDocuments([sampleBundle(), prescribed(), await write(prescribed())]);
    const checked = checkBundle(sealed(merged), "export.json");
    expect(checked.danglingReferences).toEqual([]);
    const again = mergeDocuments((await splitBundle(checked)).map(({ bundle }) => sealed(bundle)));
    expect(compareBundles(merged, again)).toMatchObject({ differences: [] });
    // With what it signs: whoever reads one of them alone has both.
    const together = (await splitBundle(checked)).filter(({ bundle }) => JSON.stringify(bundle).includes("E1762"));
    expect(together).toHaveLength(1);
    expect(JSON.stringify(together[0]!.bundle)).toContain("Ramipril");
  });
});

describe("what can be co-signed", () => {
  const compose = (resource: JsonObject) => composeDocument(authorship, { title: "Title", type: {}, resource });
  const entries = (change: (list: readonly JsonObject[]) => readonly JsonObject[]) => ({
    ...note,
    entry: change(note.entry as JsonObject[]),
  });
  it("is a note, a prescription, and no co-signature", async () => {
    expect(isCoSignable(note)).toBe(true);
    expect(isCoSignable(sealed(prescribed()))).toBe(true);
    expect(isCoSignable(await write(note))).toBe(false);
  });
  it.each<readonly [string, JsonObject]>([
    ["a bundle of another system", sampleBundle()],
    ["a file without words", compose({ resourceType: "DocumentReference", content: [{ attachment: { contentType: "application/pdf" } }] })],
    ["a laboratory value", compose({ resourceType: "Observation" })],
    ["nothing", { resourceType: "Bundle" }],
    ["two resources", entries((list) => [...list, { ...list[1]!, fullUrl: "urn:uuid:2" }])],
    ["a resource that nothing can refer to", entries(([composition, words]) => [composition!, { resource: words!.resource! }])],
    ["words without a Composition", entries(([, words]) => [words!])],
  ])("is not %s", (_, document) => {
    expect(isCoSignable(document)).toBe(false);
  });
});

describe("what others call a co-signature", () => {
  const changed = async (change: (provenance: JsonObject) => JsonObject) => {
    const written = await write(note);
    const [composition, { fullUrl, resource }] = written.entry as [JsonObject, { fullUrl: string; resource: JsonObject }];
    return { ...written, entry: [composition, { fullUrl, resource: change(resource) }] };
  };
  it.each<readonly [string, (provenance: JsonObject) => JsonObject]>([
    ["another resource", (p) => ({ ...p, resourceType: "Basic" })],
    ["no signature", ({ signature: _signature, ...p }) => p],
    [
      "the signature of an author",
      (p) => ({ ...p, signature: [{ type: [{ system: "urn:iso-astm:E1762-95:2013", code: "1.2.840.10065.1.12.1.1" }] }] }),
    ],
    ["the code of another system", (p) => ({ ...p, signature: [{ type: [{ system: "urn:local", code: "1.2.840.10065.1.12.1.5" }] }] })],
  ])("is none with %s", async (_, change) => {
    expect(readCoSignature(await changed(change))).toBeUndefined();
  });

  it("is none beside other resources, and nothing that is no document", async () => {
    const written = await write(note);
    const crowded = { ...written, entry: [...(written.entry as JsonObject[]), { resource: { resourceType: "Observation" } }] };
    for (const document of [crowded, {}, { entry: "x" }, { entry: [{ resource: null }, 1, null] }] as JsonObject[])
      expect(readCoSignature(document)).toBeUndefined();
  });

  it.each<readonly [string, (provenance: JsonObject) => JsonObject, Partial<Record<"objectId" | "contentHash" | "signer", undefined>>]>([
    ["no entity", ({ entity: _entity, ...p }) => p, { objectId: undefined, contentHash: undefined }],
    ["an entity that is no object", (p) => ({ ...p, entity: ["x", 1] }), { objectId: undefined, contentHash: undefined }],
    [
      "an agent beside the one who signs",
      (p) => ({ ...p, agent: [{ who: logicalReference("Practitioner", { account: "ee" }) }] }),
      { signer: undefined },
    ],
    [
      "nobody",
      ({ agent: _agent, ...p }) => ({ ...p, signature: [{ type: (p.signature as JsonObject[])[0]!.type! }] }),
      { signer: undefined },
    ],
  ])("names less with %s, and so fits nothing", async (_, change, less) => {
    expect(readCoSignature(await changed(change))).toMatchObject(less);
  });

  it("is read however large it is", async () => {
    const huge = "x".repeat(2_000_000);
    const read = readCoSignature(
      await changed((p) => ({ ...p, entity: [{ what: { identifier: { system: "urn:galen:object", value: huge } } }] })),
    )!;
    expect(await namedBy(read, { objectId, content: note })).toBe("otherDocument");
  });
});
