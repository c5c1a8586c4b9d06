/** Every way in which a file is refused: HTTP status, and what is wrong and what to do. Ids are never reused. */
export const fhirKinds = {
  "json/TooLarge": [413, "The file is larger than the limit. Split it."],
  "json/ByteOrderMark": [400, "The file starts with a byte order mark. Save it as UTF-8 without one."],
  "json/NotUtf8": [400, "These bytes are not UTF-8. Save the file as UTF-8."],
  "json/Syntax": [400, "This is not JSON. Export the file again."],
  "json/TrailingText": [400, "Something follows the end of the JSON value. Keep one value in a file."],
  "json/DuplicateKey": [400, "The object has this key twice. Keep the right one."],
  "json/LoneSurrogate": [400, "The text holds half of a surrogate pair, which is no character. Correct the escape."],
  "json/TooDeep": [400, "The value is nested deeper than the limit. FHIR resources are not."],
  "fhir/NotABundle": [422, "This is not a FHIR R4 Bundle. Put the resources into one."],
  "fhir/BundleTypeNotImportable": [422, "Import takes bundles of type transaction, batch, collection, searchset or document."],
  "fhir/NoEntries": [422, "The bundle has no entries, so there is nothing to import."],
  "fhir/EntryWithoutResource": [422, "The entry carries no resource. Remove it, or put the resource in."],
  "fhir/UnknownResourceType": [422, "FHIR R4 has no resource of this type. Convert the file to R4."],
  "fhir/DuplicateFullUrl": [422, "Another entry has the same fullUrl. Keep one version of each resource."],
  "fhir/DocumentWithoutComposition": [422, "The first entry of a bundle of type document is its Composition (FHIR R4 bdl-11)."],
  "fhir/WrongType": [422, "The element has not the JSON type that FHIR R4 gives it."],
  "fhir/BadPrimitive": [422, "The text does not have the format that FHIR R4 gives this element."],
  "fhir/NoPatient": [422, "The bundle has no Patient. One bundle is imported for one Patient, who must be in it."],
  "fhir/SeveralPatients": [422, "The bundle has more than one Patient. Make one bundle for each."],
  "fhir/OtherPatient": [422, "The resource is about a Patient who is not the one in the bundle. Remove it, or correct the reference."],
  "fhir/DocumentTooLarge": [
    413,
    "The document that this entry belongs to is larger than 16 MiB once it is sealed. Make large attachments smaller, or put them into bundles of their own.",
  ],
  "fhir/TooManyCopies": [
    413,
    "Every visit's document carries the practitioners, organisations and medicines that it refers to, and this one makes the copies larger than the limit. Make it smaller, or split the file.",
  ],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type FhirRefusalId = keyof typeof fhirKinds;

/** Where in a user's file: the JSON path (`$.entry[3].resource.id`), and for what is refused while reading also line and column from 1. */
export interface Place {
  readonly file: string;
  readonly path: string;
  readonly line?: number;
  /** In UTF-16 code units. */
  readonly column?: number;
}

/** An expected refusal of a user's file. It names places and rules, never the content, which may be a person's. */
export class FhirRefusal extends Error {
  override readonly name = "FhirRefusal";
  readonly id: FhirRefusalId;
  /** HTTP status with which an API answers. */
  readonly status: number;
  readonly place: Place;
  /** What exactly was expected or found here, or "". */
  readonly detail: string;

  constructor(id: FhirRefusalId, place: Place, detail = "") {
    const [status, sentence] = fhirKinds[id];
    const position = place.line === undefined ? "" : `:${place.line}:${place.column}`;
    super(`${place.file}${position} at ${place.path}: ${sentence}${detail === "" ? "" : ` (${detail})`} [${id}]`);
    this.id = id;
    this.status = status;
    this.place = place;
    this.detail = detail;
  }
}

/** JSON path of the given steps from the root, in the notation of RFC 9535: `$.entry[3].resource`, `$['odd key']`. */
export function jsonPath(steps: readonly (string | number)[]): string {
  return `$${steps.map(pathStep).join("")}`;
}

/** A hostile key may be megabytes long; a message need not be. */
const MAX_SHOWN_KEY_LENGTH = 64;

function pathStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  const key = step.slice(0, MAX_SHOWN_KEY_LENGTH);
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${JSON.stringify(key).slice(1, -1).replaceAll("'", "\\'")}']`;
}
