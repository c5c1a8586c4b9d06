import type { Compartment } from "./compartment.ts";
import { contentHash } from "./content-hash.ts";
import { resourcesOf } from "./document-facts.ts";
import { canonicalText, type JsonObject, objectAt, objectsAt, textAt } from "./json-value.ts";
import { ACCOUNTS } from "./written-document.ts";

/** Where objects of the ledger are identifiers. */
export const OBJECTS = "urn:galen:object";
/** An extension of the reference to what is signed: SHA-256, hex, of its canonical text. FHIR R4 has no element for it, and its own `hash` of files is SHA-1. */
export const CONTENT_HASH = "urn:galen:fhir:content-hash";

/** ASTM E1762, "a signature verifying the information contained in a document", with the countersigning physician for its example. */
export const VERIFICATION = { system: "urn:iso-astm:E1762-95:2013", code: "1.2.840.10065.1.12.1.5", display: "Verification Signature" };

/** The document that is co-signed. */
export interface SignedDocument {
  readonly objectId: string;
  readonly content: JsonObject;
  /** Where it belongs, and so where the signature belongs. */
  readonly compartment: Compartment;
}

/** What a co-signature says of itself; each part undefined where it does not say. */
export interface CoSignature {
  /** The object that it names. */
  readonly objectId: string | undefined;
  /** SHA-256, hex, of the document's canonical text. */
  readonly contentHash: string | undefined;
  /** The account that it names as the one who signs. */
  readonly signer: string | undefined;
  /** Canonical text of the references to what is signed. */
  readonly targets: string;
}

/** The co-signature in a document; undefined for every other document. */
export function readCoSignature(document: JsonObject): CoSignature | undefined {
  const provenances = resourcesOf(document).filter(({ resourceType }) => resourceType !== "Composition");
  const [provenance] = provenances;
  if (provenances.length !== 1 || provenance?.resourceType !== "Provenance" || !isVerification(provenance)) return undefined;
  const [signature] = objectsAt(provenance, "signature");
  const [agent] = objectsAt(provenance, "agent");
  const what = objectAt(objectsAt(provenance, "entity")[0], "what");
  const signers = new Set([signature, agent].map((holder) => identifierIn(ACCOUNTS, objectAt(holder, "who"))));
  const [signer] = signers;
  return {
    objectId: identifierIn(OBJECTS, what),
    contentHash: textAt(
      objectsAt(what, "extension").find(({ url }) => url === CONTENT_HASH),
      "valueString",
    ),
    signer: signers.size === 1 ? signer : undefined,
    targets: canonicalText(objectsAt(provenance, "target")),
  };
}

/** Whether a co-signature names exactly this document, to the letter. */
export type NamedDocument = "this" | "otherDocument" | "otherText";

export async function namedBy(
  { objectId, contentHash: hash, targets }: CoSignature,
  document: Pick<SignedDocument, "objectId" | "content">,
): Promise<NamedDocument> {
  if (objectId !== document.objectId || targets !== canonicalText(targetsOf(document.content))) return "otherDocument";
  return hash === (await contentHash(document.content)) ? "this" : "otherText";
}

function isVerification(provenance: JsonObject): boolean {
  const types = objectsAt(provenance, "signature").flatMap((signature) => objectsAt(signature, "type"));
  return types.some(({ system, code }) => system === VERIFICATION.system && code === VERIFICATION.code);
}

function identifierIn(system: string, reference: JsonObject | undefined): string | undefined {
  const identifier = objectAt(reference, "identifier");
  return textAt(identifier, "system") === system ? textAt(identifier, "value") : undefined;
}

/** References to what a document holds besides its Composition. */
export function targetsOf(document: JsonObject): readonly JsonObject[] {
  return objectsAt(document, "entry").flatMap((entry) => {
    const [fullUrl, type] = [textAt(entry, "fullUrl"), textAt(objectAt(entry, "resource"), "resourceType")];
    return fullUrl === undefined || type === undefined || type === "Composition" ? [] : [{ reference: fullUrl, type }];
  });
}
