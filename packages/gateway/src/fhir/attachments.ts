import { decodeBase64 } from "./base64.ts";
import { readNote } from "./clinical-note.ts";
import { resourcesOf } from "./document-facts.ts";
import { type JsonObject, numberTextAt, objectAt, objectsAt, textAt } from "./json-value.ts";
import { plainText } from "./plain-text.ts";

/** What can be shown without running anything of it: raster images, PDF, plain text, SMART Health Cards. Everything else is only handed over. */
export type AttachmentKind = "image" | "pdf" | "text" | "card" | "other";

/** Why an attachment cannot be shown. `type`: its bytes are not what it says. `elsewhere`: it names an address, which is not asked. */
export type AttachmentFault = "empty" | "elsewhere" | "base64" | "size" | "hash" | "type";

/** A file inside a FHIR document (FHIR R4 datatypes.html#Attachment). */
export interface Attachment {
  /** One line; empty where the document gives it no title. */
  readonly title: string;
  /** MIME type as it was declared, lower case, without parameters; empty where none was. */
  readonly contentType: string;
  readonly kind: AttachmentKind;
  /** The file; empty where `fault` says why there is none. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fault: AttachmentFault | undefined;
}

const MAX_TITLE_LENGTH = 120;

type AttachmentsOf = (resource: JsonObject) => readonly (JsonObject | undefined)[];

/** Where resources keep attachments. */
const places: ReadonlyMap<string, AttachmentsOf> = new Map<string, AttachmentsOf>([
  [
    "DocumentReference",
    (resource) =>
      withoutNote(
        resource,
        objectsAt(resource, "content").map((content) => objectAt(content, "attachment")),
      ),
  ],
  ["Media", (resource) => [objectAt(resource, "content")]],
  ["DiagnosticReport", (resource) => objectsAt(resource, "presentedForm")],
  ["Patient", (resource) => objectsAt(resource, "photo")],
  ["Practitioner", (resource) => objectsAt(resource, "photo")],
]);

const isPlainText = (attachment: JsonObject | undefined) => typeOf(attachment) === "text/plain";

/** What `readNote` tells whole as the words of the document is no file beside it. */
function withoutNote(resource: JsonObject, attachments: readonly (JsonObject | undefined)[]): readonly (JsonObject | undefined)[] {
  const note = readNote(resource)?.isWhole ? attachments.find(isPlainText) : undefined;
  return attachments.filter((attachment) => attachment !== note);
}

/** The attachments of a document, undecoded, in its order. */
function rawAttachments(document: JsonObject): readonly JsonObject[] {
  return resourcesOf(document)
    .flatMap((resource) => places.get(textAt(resource, "resourceType") ?? "")?.(resource) ?? [])
    .filter((attachment) => attachment !== undefined);
}

/** Whether a document has files inside. */
export function hasAttachments(document: JsonObject): boolean {
  return rawAttachments(document).length > 0;
}

/** The files inside a document, checked against what it says of them. Nothing is fetched: what only names an address stays there. */
export async function readAttachments(document: JsonObject): Promise<readonly Attachment[]> {
  const binaries = binariesOf(document);
  return Promise.all(rawAttachments(document).map((attachment) => readAttachment(attachment, binaries)));
}

/** The data of the document's own Binary resources by the addresses under which it may be named. */
function binariesOf(document: JsonObject): ReadonlyMap<string, string> {
  const found = objectsAt(document, "entry").flatMap((entry): (readonly [string | undefined, string])[] => {
    const resource = objectAt(entry, "resource");
    const data = textAt(resource, "data");
    if (textAt(resource, "resourceType") !== "Binary" || data === undefined) return [];
    return [
      [textAt(entry, "fullUrl"), data],
      [`Binary/${textAt(resource, "id")}`, data],
    ];
  });
  return new Map(found.filter((one): one is readonly [string, string] => one[0] !== undefined));
}

async function readAttachment(attachment: JsonObject, binaries: ReadonlyMap<string, string>): Promise<Attachment> {
  const url = textAt(attachment, "url");
  const data = textAt(attachment, "data") ?? (url === undefined ? undefined : binaries.get(url));
  const contentType = typeOf(attachment);
  const facts = { title: plainText(textAt(attachment, "title") ?? "", MAX_TITLE_LENGTH), contentType, kind: kindOf(contentType) };
  if (data === undefined || data === "") return { ...facts, bytes: new Uint8Array(0), fault: url === undefined ? "empty" : "elsewhere" };
  const bytes = decodeBase64(data);
  if (!bytes) return { ...facts, bytes: new Uint8Array(0), fault: "base64" };
  return { ...facts, bytes, fault: await faultOf(attachment, bytes, contentType) };
}

async function faultOf(attachment: JsonObject, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<AttachmentFault | undefined> {
  const size = numberTextAt(attachment, "size");
  if (size !== undefined && size !== String(bytes.length)) return "size";
  const hash = textAt(attachment, "hash");
  if (hash !== undefined && hash !== (await sha1Base64(bytes))) return "hash";
  if (!isWhatItSays(contentType, bytes)) return "type";
  return hasItsEnd(contentType, bytes) ? undefined : "size";
}

function typeOf(attachment: JsonObject | undefined): string {
  return (textAt(attachment, "contentType") ?? "").split(";", 1)[0]!.trim().toLowerCase();
}

/** How files of a type begin. */
const beginnings: Readonly<Record<string, readonly number[]>> = {
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  "image/jpeg": [0xff, 0xd8, 0xff],
  "image/gif": [0x47, 0x49, 0x46, 0x38],
  "application/pdf": [0x25, 0x50, 0x44, 0x46, 0x2d],
};

/** How they end. Browsers show the rest of a file that was cut short as if it were empty. */
const endings: Readonly<Record<string, readonly number[]>> = {
  "image/png": [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82],
  "image/jpeg": [0xff, 0xd9],
  "image/gif": [0x3b],
  "application/pdf": [0x25, 0x25, 0x45, 0x4f, 0x46],
};

/** Something may follow the end: some cameras put data of their own there. */
function hasItsEnd(contentType: string, bytes: Uint8Array): boolean {
  const ending = Object.hasOwn(endings, contentType) ? endings[contentType]! : [];
  for (let at = bytes.length - ending.length; at >= 0; at--) if (ending.every((byte, index) => bytes[at + index] === byte)) return true;
  return false;
}

function kindOf(contentType: string): AttachmentKind {
  if (contentType === "text/plain") return "text";
  if (contentType === "application/smart-health-card") return "card";
  if (!Object.hasOwn(beginnings, contentType)) return "other";
  return contentType === "application/pdf" ? "pdf" : "image";
}

function isWhatItSays(contentType: string, bytes: Uint8Array): boolean {
  if (!Object.hasOwn(beginnings, contentType)) return true;
  return beginnings[contentType]!.every((byte, index) => bytes[index] === byte);
}

/** The hash that FHIR gives an attachment; it finds damage, not forgery, which the seal of the document stops. */
async function sha1Base64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  return btoa(String.fromCharCode(...digest));
}
