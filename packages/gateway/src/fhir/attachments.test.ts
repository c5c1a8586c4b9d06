import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hasAttachments, readAttachments } from "./attachments.ts";
import type { JsonObject } from "./json-value.ts";

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
const whole = { contentType: "image/png", data: png.toString("base64"), title: "Left hand" };
const media = (content: JsonObject): JsonObject => ({ resourceType: "Media", content });
const bundle = (...resources: readonly JsonObject[]): JsonObject => ({
  resourceType: "Bundle",
  entry: resources.map((resource) => ({ resource })),
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the files inside a document", () => {
  it("are found where FHIR keeps them, and nowhere else", async () => {
    const found = await readAttachments(
      bundle(
        media(whole),
        { resourceType: "DocumentReference", content: [{ attachment: whole }, { attachment: { ...whole, title: "second" } }] },
        { resourceType: "DiagnosticReport", presentedForm: [{ contentType: "application/pdf", data: base64("%PDF-1.7 x %%EOF") }] },
        { resourceType: "Patient", photo: [whole] },
        { resourceType: "Observation", content: whole },
      ),
    );
    expect(found.map(({ kind, fault }) => [kind, fault])).toEqual([
      ["image", undefined],
      ["image", undefined],
      ["image", undefined],
      ["pdf", undefined],
      ["image", undefined],
    ]);
    expect(Buffer.from(found[0]!.bytes)).toEqual(png);
  });

  it.each(["constructor", "toString", "__proto__"])(
    "are in no resource that is called as every object calls something: %s",
    (resourceType) => {
      expect(hasAttachments(bundle({ resourceType, content: whole }))).toBe(false);
    },
  );

  it("do not hold the note, which is told as words", async () => {
    const note = { contentType: "text/plain; charset=utf-8", data: base64("Rest.") };
    const document = bundle({ resourceType: "DocumentReference", content: [{ attachment: note }, { attachment: whole }] });
    expect((await readAttachments(document)).map(({ title }) => title)).toEqual(["Left hand"]);
    expect(hasAttachments(bundle({ resourceType: "DocumentReference", content: [{ attachment: note }] }))).toBe(false);
  });

  it("may lie in a Binary of the same document", async () => {
    const document = {
      resourceType: "Bundle",
      entry: [
        { resource: media({ contentType: "image/png", url: "urn:uuid:1" }) },
        { resource: media({ contentType: "image/png", url: "Binary/b" }) },
        { fullUrl: "urn:uuid:1", resource: { resourceType: "Binary", id: "b", data: whole.data } },
      ],
    };
    expect((await readAttachments(document)).map(({ fault, bytes }) => [fault, bytes.length])).toEqual([
      [undefined, png.length],
      [undefined, png.length],
    ]);
  });

  it.each([
    ["with the right size and hash", { size: png.length, hash: createHash("sha1").update(png).digest("base64") }, undefined],
    ["with white space in the base64", { data: `${whole.data.slice(0, 5)}\n ${whole.data.slice(5)}` }, undefined],
    ["without its end", { data: png.subarray(0, 12).toString("base64") }, "size"],
    ["with something behind its end", { data: Buffer.concat([png, png.subarray(0, 3)]).toString("base64") }, undefined],
    ["cut short", { size: png.length + 1 }, "size"],
    ["altered", { hash: createHash("sha1").update("other").digest("base64") }, "hash"],
    ["no base64", { data: "%%%" }, "base64"],
    ["a page in the name of an image", { data: base64("<html><script>alert(1)</script>") }, "type"],
    ["a vector image in the name of a raster image", { data: base64("<svg onload='alert(1)'/>") }, "type"],
    ["nothing", { data: "" }, "empty"],
  ])("are checked: %s", async (_, change, fault) => {
    expect((await readAttachments(bundle(media({ ...whole, ...change }))))[0]).toMatchObject({ fault });
  });

  it("are not fetched from elsewhere", async () => {
    const [only] = await readAttachments(bundle(media({ contentType: "image/png", url: "https://tracker.example/x.png" })));
    expect(only).toMatchObject({ fault: "elsewhere" });
  });

  it.each([
    ["image/svg+xml", "other"],
    ["text/html", "other"],
    ["application/xhtml+xml", "other"],
    ["IMAGE/PNG; x=1", "image"],
    ["constructor", "other"],
    ["", "other"],
  ])("of type %s are of kind %s", async (contentType, kind) => {
    expect((await readAttachments(bundle(media({ ...whole, contentType }))))[0]).toMatchObject({ kind });
  });

  it("keep no control character in a title", async () => {
    const [only] = await readAttachments(bundle(media({ ...whole, title: "\u202Egnp.exe\u0007" })));
    for (const hidden of ["\u202E", "\u0007"]) expect(only!.title).not.toContain(hidden);
  });
});
