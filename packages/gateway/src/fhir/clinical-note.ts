import { type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { plainText } from "./plain-text.ts";

/** Some ten pages. */
export const MAX_NOTE_LENGTH = 20_000;
/** A line of a note; longer ones are cut when they are shown. */
const MAX_LINE_LENGTH = 2_000;
/** Where accounts of the ledger are identifiers. */
const ACCOUNTS = "urn:galen:account";

/** An account with the name that goes into the document. */
interface Named {
  readonly account: string;
  readonly name: string;
}

export interface NoteDraft {
  readonly title: string;
  /** Plain text with line breaks. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** UUID of the note, lower case. */
  readonly uuid: string;
  readonly author: Named;
  /** The house for which the author writes. */
  readonly organisation?: Named | undefined;
  /** Account of the patient. No name: the document lies among the patient's own. */
  readonly patient: string;
}

/**
 * A clinician's note as a FHIR document: a Composition (FHIR R4 documents.html) that leads to a DocumentReference with the words as plain text. Patient,
 * author and house are logical references (references.html#logical), so that the note can be merged into the patient's bundle without a second Patient.
 */
export function createNote({ title, text, writtenAt, uuid, author, organisation, patient }: NoteDraft): JsonObject {
  const date = new Date(writtenAt).toISOString();
  const reference = `urn:uuid:${uuid}`;
  const frame = {
    status: "final",
    // LOINC 34109-9, "Note".
    type: { coding: [{ system: "http://loinc.org", code: "34109-9", display: "Note" }] },
  };
  const subject = logical("Patient", { account: patient });
  const authors = [logical("Practitioner", author)];
  const custodian = organisation && { custodian: logical("Organization", organisation) };
  const composition = {
    resourceType: "Composition",
    ...frame,
    subject,
    date,
    author: authors,
    title,
    ...custodian,
    section: [{ title, entry: [{ reference }] }],
  };
  const words = {
    resourceType: "DocumentReference",
    ...frame,
    status: "current",
    docStatus: "final",
    subject,
    date,
    author: authors,
    ...custodian,
    content: [{ attachment: { contentType: "text/plain; charset=utf-8", data: encodeText(text), title } }],
  };
  return {
    resourceType: "Bundle",
    identifier: { system: "urn:ietf:rfc:3986", value: reference },
    type: "document",
    timestamp: date,
    entry: [{ resource: composition }, { fullUrl: reference, resource: words }],
  };
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

function logical(type: string, { account, name }: Omit<Named, "name"> & Partial<Named>): JsonObject {
  return { type, identifier: { system: ACCOUNTS, value: account }, ...(name === undefined ? {} : { display: name }) };
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
