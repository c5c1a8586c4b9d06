import { decodeBase64 } from "./base64.ts";
import { instantText } from "./dates.ts";
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
    date: instantText(writtenAt),
    author: [logicalReference("Practitioner", author)],
    ...(organisation && { custodian: logicalReference("Organization", organisation) }),
    content: [{ attachment: { contentType: "text/plain; charset=utf-8", data: encodeText(text), title } }],
  };
  return composeDocument(authorship, { title, type: NOTE, resource: words });
}

/** The words of a note, line by line and free of control characters. */
export interface NoteWords {
  readonly text: string;
  /** Whether this is all of it: more than `MAX_NOTE_LENGTH` characters are cut. */
  readonly isWhole: boolean;
}

/** The words of a DocumentReference that holds plain text; undefined for every other resource. */
export function readNote(resource: JsonObject): NoteWords | undefined {
  if (resource.resourceType !== "DocumentReference") return undefined;
  const attachments = objectsAt(resource, "content").map((content) => objectAt(content, "attachment"));
  const plain = attachments.find((attachment) => /^text\/plain\s*(?:;|$)/i.test(textAt(attachment, "contentType") ?? ""));
  const text = decodeText(textAt(plain, "data") ?? "");
  if (text === undefined || text === "") return undefined;
  const lines = text.slice(0, MAX_NOTE_LENGTH).split(/\r?\n/);
  const isWhole = text.length <= MAX_NOTE_LENGTH && lines.every((line) => line.length <= MAX_LINE_LENGTH);
  return { text: lines.map((line) => plainText(line, MAX_LINE_LENGTH)).join("\n"), isWhole };
}

function encodeText(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** Undefined for what is no base64 of UTF-8. */
function decodeText(data: string): string | undefined {
  const bytes = decodeBase64(data);
  if (!bytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
