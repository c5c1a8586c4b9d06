import { readCoSignature } from "@galen/gateway/fhir/co-signature";
import { isPrescription } from "@galen/gateway/fhir/prescription";
import type { Client } from "@galen/sdk/client/client";
import { coveredBy, grantsTo } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import { provenDocuments } from "@galen/sdk/records/proven-documents";
import { type KnownObject, knownObjects } from "@galen/sdk/records/sealed-object";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import type { ChartDocument } from "../../chart/chart.ts";
import { credentialsOf, hasLicence } from "../../credentials/held-credentials.ts";
import type { OpenedRecord } from "../../records/opened-record.ts";

export type NotCoSignable = "own" | "repeated" | "erased" | "noAccess" | "noLicence";

/** A document cannot be co-signed, as the ledger stands now. */
export class NotCoSignableError extends Error {
  override readonly name = "NotCoSignableError";
  readonly why: NotCoSignable;
  constructor(why: NotCoSignable) {
    super(`not to be co-signed: ${why}`);
    this.why = why;
  }
}

interface Signing {
  readonly own: OwnAccount;
  readonly owner: string;
  readonly document: ChartDocument;
  /** Out of which the document was read. */
  readonly record: OpenedRecord;
}

/**
 * Looks once more, right before the signature, whether a document may be co-signed: the ledger takes sealed documents without knowing what they say. Rejects with
 * NotCoSignableError, GalenError.
 */
export async function requireCoSignable(client: Client, signing: Signing): Promise<void> {
  const { own, document, record } = signing;
  const [[filed], [object]] = await Promise.all([provenDocuments(client, [document.objectId]), knownObjects(client, [document.objectId])]);
  if (filed!.author === own.account) throw new NotCoSignableError("own");
  if (object!.erasedAt !== undefined) throw new NotCoSignableError("erased");
  // What was opened in an emergency was opened without a grant.
  if (!record.emergency && !(await isGranted(client, signing, object!))) throw new NotCoSignableError("noAccess");
  if (isPrescription(document.content) && !hasLicence(await credentialsOf(client, own.account))) throw new NotCoSignableError("noLicence");
  if (await hasCoSigned(client, signing)) throw new NotCoSignableError("repeated");
}

/** Whether a grant still stands that covers it. One whose readings are used up does: what was read by it was read. */
async function isGranted(client: Client, { own, owner }: Signing, object: KnownObject): Promise<boolean> {
  const grants = (await grantsTo(client, own)).filter((grant) => grant.owner === owner && grant.revokedAt === undefined);
  return grants.some((grant) => client.now() < grant.until && coveredBy(grant, [object]).length > 0);
}

/** Also in another tab or on another device, where it was not opened here: what somebody states a second time is asked about, not signed. */
async function hasCoSigned(client: Client, { own, owner, document, record }: Signing): Promise<boolean> {
  const isOther = new Set(record.documents.filter(({ content }) => !readCoSignature(content)).map(({ objectId }) => objectId));
  const stated = (await documentsOf(client, owner)).filter(
    ({ author, relation, objectId }) =>
      author === own.account && relation.kind === "statementOn" && relation.objectId === document.objectId && !isOther.has(objectId),
  );
  const known = await knownObjects(
    client,
    stated.map(({ objectId }) => objectId),
  );
  return known.some(({ erasedAt }) => erasedAt === undefined);
}
