import type { Client } from "@galen/sdk/client/client";
import { type AuthorStanding, authorStanding } from "@galen/sdk/records/author-standing";
import { type FiledFacts, provenDocuments } from "@galen/sdk/records/proven-documents";
import { type CoSignature, namedBy, readCoSignature } from "../fhir/co-signature.ts";
import type { JsonObject } from "../fhir/json-value.ts";
import { isPrescription } from "../fhir/prescription.ts";

/** An opened document. */
export interface OpenedDocument {
  readonly objectId: string;
  readonly content: JsonObject;
}

/**
 * What a co-signature is worth. `otherDocument`, `otherText`: it does not name this document, or not these words. `otherSigner`: it names somebody else than who filed
 * it. `ownDocument`: by the document's own author. `notStaff`: not by somebody who wrote for a house. `unlicensed`: under a prescription, by somebody without a licence
 * that counted then. `repeated`: this colleague had signed before.
 */
export type Verdict = "holds" | "otherDocument" | "otherText" | "otherSigner" | "ownDocument" | "notStaff" | "unlicensed" | "repeated";

/** A co-signature with what the ledger proves of it. */
export interface CheckedCoSignature {
  readonly objectId: string;
  /** Who filed it, whatever it says of itself. */
  readonly author: string;
  readonly organisation: string | undefined;
  /** Block time, milliseconds since 1970. */
  readonly filedAt: number;
  readonly verdict: Verdict;
  /** Of the author's licence when it was filed; undefined where none is needed, and where there was none. */
  readonly standing: AuthorStanding["standing"];
}

/**
 * Which of these documents claim to be co-signatures under a document, oldest first, and what each is worth. Who filed what, when and about what is proven by the ledger.
 * Rejects with GalenError `proof/…`, client/UnknownObject.
 */
export async function checkCoSignatures(
  client: Client,
  document: OpenedDocument,
  others: readonly OpenedDocument[],
): Promise<readonly CheckedCoSignature[]> {
  const read = others.flatMap(({ objectId, content }) => {
    const coSignature = readCoSignature(content);
    return coSignature ? [{ objectId, coSignature }] : [];
  });
  const [signed, ...filed] = await provenDocuments(client, [document.objectId, ...read.map(({ objectId }) => objectId)]);
  const claims = read
    .map((claim, index) => ({ ...claim, filed: filed[index]! }))
    .filter(({ coSignature, filed }) => coSignature.objectId === document.objectId || isAbout(filed, document.objectId))
    .toSorted((a, b) => a.filed.number - b.filed.number);
  const checked: CheckedCoSignature[] = [];
  const signers = new Set<string>();
  for (const claim of claims) {
    const judged = await judge(client, claim, { ...document, author: signed!.author });
    const isRepeated = judged.verdict === "holds" && signers.has(judged.author);
    if (judged.verdict === "holds") signers.add(judged.author);
    checked.push(isRepeated ? { ...judged, verdict: "repeated" } : judged);
  }
  return checked;
}

interface Claim {
  readonly objectId: string;
  readonly coSignature: CoSignature;
  readonly filed: FiledFacts;
}

async function judge(
  client: Client,
  { objectId, coSignature, filed }: Claim,
  document: OpenedDocument & { readonly author: string },
): Promise<CheckedCoSignature> {
  const { author, organisation, createdAt } = filed;
  const facts = { objectId, author, organisation, filedAt: createdAt, standing: undefined };
  const named = isAbout(filed, document.objectId) ? await namedBy(coSignature, document) : "otherDocument";
  if (named !== "this") return { ...facts, verdict: named };
  if (coSignature.signer !== author) return { ...facts, verdict: "otherSigner" };
  if (author === document.author) return { ...facts, verdict: "ownDocument" };
  if (organisation === undefined || organisation === author || author === filed.owner) return { ...facts, verdict: "notStaff" };
  if (!isPrescription(document.content)) return { ...facts, verdict: "holds" };
  const { standing } = await authorStanding(client, { objectId, credentialType: "practitioner-licence" });
  return { ...facts, standing, verdict: standing === "valid" ? "holds" : "unlicensed" };
}

function isAbout({ relation }: FiledFacts, objectId: string): boolean {
  return relation.kind === "statementOn" && relation.objectId === objectId;
}
