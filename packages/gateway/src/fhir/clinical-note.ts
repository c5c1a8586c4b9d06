import { type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { plainText } from "./plain-text.ts";
import { type Authorship, composeDocument, logicalReference } from "./written-document.ts";

/** Some ten pages. */
export const MAX_NOTE_LENGTH = 20_000;
/** A line of a note; longer ones are cut when they are shown. */
const MAX_LINE_LENGTH = 2_000;
export interface NoteDraft extends Authorship {
  readonly title: string;
  /** Plain text with line breaks. */
  readonly text: string;
}

/** LOINC 34109-9, "Note". */
const NOTE = { coding: [{ system: "http://loinc.org", code: "34109-9", display: "Note" }] };

/** A clinician's note as a FHIR document, whose DocumentReference holds the words as plain text. */
export function createNote({ title, text, ...authorship }: NoteDraft): JsonObject {
  const { writtenAt, author, organisation, patient } = authorship;
  const words = {
    resourceType: "DocumentReference",
    status: "current",
    docStatus: "final",
    type: NOTE,
    subject: logicalReference("Patient", { account: patient }),
    date: new Date(writtenAt).toISOString(),
    author: [logicalReference("Practitioner", author)],
    ...(organisation && { custodian: logicalReference("Organization", organisation) }),
    content: [{ attachment: { contentType: "text/plain; charset=utf-8", data: encodeText(text), title } }],
  };
  return composeDocument(authorship, { title, type: NOTE, resource: words });
}

/** The words of a DocumentReference that holds plain text, line by line and free of control characters; undefined for every other resource. */
export function noteText(resource: JsonObject): string | undefined {
  if (resource.resourceType !== "DocumentReference") return undefined;
  const attachments = objectsAt(resource, "content").map((content) => objectAt(content, "attachment"));
  const plain = attachments.find((attachment) => /^text\/plain\s*(?:;|$)/i.test(textAt(attachment, "contentType") ?? ""));
  const text = decodeText(textAt(plain, "data") ?? "");
  if (text === undefined || text === "") return undefined;
  const lines = text.slice(0, MAX_NOTE_LENGTH).split(/\r?\n/);
  return lines.map((line) => plainText(line, MAX_LINE_LENGTH)).join("\n");
}

function encodeText(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** Undefined for what is no base64 of UTF-8. */
function decodeText(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
