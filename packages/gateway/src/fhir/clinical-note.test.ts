import { describe, expect, it } from "vitest";
import { hasAttachments } from "./attachments.ts";
import { createNote, MAX_NOTE_LENGTH, readNote } from "./clinical-note.ts";
import { describeDocument, resourcesOf } from "./document-facts.ts";
import { type JsonObject, writeJson } from "./json-value.ts";
import { mergeDocuments } from "./merge.ts";
import { readJson } from "./read-json.ts";
import { sampleBundle } from "./testing/sample-bundle.ts";

const draft = {
  title: "Visit of today",
  text: "Feels better.\n血压 128/82 – no change.",
  writtenAt: Date.UTC(2026, 10, 26, 9, 30),
  uuid: "8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1",
  author: { account: "aa".repeat(32), name: "Dr. Ada Example" },
  patient: "bb".repeat(32),
};
const notesIn = (bundle: JsonObject) => resourcesOf(bundle).flatMap((resource) => readNote(resource)?.text ?? []);
const holding = (attachment: JsonObject): JsonObject => ({ resourceType: "DocumentReference", content: [{ attachment }] });
const plain = (data: string) => holding({ contentType: "text/plain", data });

describe("a clinician's note", () => {
  it("keeps title, day and words through the bytes that are sealed", () => {
    const read = readJson(writeJson(createNote(draft)), "note") as JsonObject;
    const { title, period, compartment } = describeDocument(read);
    expect({ title, period, compartment }).toEqual({
      title: "Visit of today",
      period: { start: "2026-11-26", end: "2026-11-26" },
      compartment: "general",
    });
    expect(notesIn(read)).toEqual([draft.text]);
  });

  it("names the house only where there is one, and the patient by the account alone", () => {
    const organisation = { account: "cc".repeat(32), name: "Example Hospital" };
    const [alone, housed] = [createNote(draft), createNote({ ...draft, organisation })].map((note) => JSON.stringify(note));
    expect(alone).not.toContain("custodian");
    expect(housed).toContain("Example Hospital");
    expect(resourcesOf(createNote(draft))[0]!.subject).toEqual({
      type: "Patient",
      identifier: { system: "urn:galen:account", value: draft.patient },
    });
  });

  it("leaves a patient's merged bundle with its one Patient", () => {
    const merged = mergeDocuments([sampleBundle(), createNote(draft)]);
    expect(resourcesOf(merged).filter(({ resourceType }) => resourceType === "Patient")).toHaveLength(1);
    expect(notesIn(merged)).toEqual([draft.text]);
  });

  const foreign = [
    ["another resource", { resourceType: "Binary", contentType: "text/plain", data: "aGk=" }, undefined],
    ["a page of HTML", holding({ contentType: "text/html", data: btoa("<script>alert(1)</script>") }), undefined],
    ["a kind that only begins alike", holding({ contentType: "text/plainer", data: "aGk=" }), undefined],
    ["no base64", plain("§"), undefined],
    ["no UTF-8", plain(btoa("\xff\xfe")), undefined],
    ["nothing", holding({ contentType: "text/plain" }), undefined],
    ["words that turn their direction", plain(btoa("a\x1b[31mb\r\nc")), "a [31mb\nc"],
    ["a book", plain(btoa("x\n".repeat(MAX_NOTE_LENGTH))), "x\n".repeat(MAX_NOTE_LENGTH / 2)],
  ] as const;
  it.each(foreign)("is read from what others file: %s", (_, resource, expected) => {
    expect(readNote(resource)?.text).toBe(expected);
  });

  it.each([
    ["a few words", "a\nb", true],
    ["as much as is shown", "x\n".repeat(MAX_NOTE_LENGTH / 2), true],
    ["one letter more", `${"x\n".repeat(MAX_NOTE_LENGTH / 2)}x`, false],
    ["a line longer than is shown", "x".repeat(2_001), false],
  ])("says whether it is whole, and is a file beside itself where it is not: %s", (_, text, isWhole) => {
    const resource = plain(btoa(text));
    expect(readNote(resource)?.isWhole).toBe(isWhole);
    expect(hasAttachments({ resourceType: "Bundle", entry: [{ resource }] })).toBe(!isWhole);
  });
});
