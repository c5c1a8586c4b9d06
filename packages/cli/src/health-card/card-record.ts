import type { FiledContent } from "@galen/gateway/health-card/card-contents";
import { contentsOf, type OnUnreadableRecord } from "@galen/gateway/reading/owned-records";
import type { Client } from "@galen/sdk/client/client";
import { provenDocuments } from "@galen/sdk/records/proven-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { readRecords } from "../reading/read-records.ts";
import { requireGrant } from "../reading/require-grant.ts";

interface RecordReading {
  readonly as: OwnAccount;
  readonly patient: string;
  readonly onUnreadable: OnUnreadableRecord;
}

/**
 * The documents that a patient has opened to a reader for treatment, each with its proven author. The reading is logged for the patient. Rejects with GalenError,
 * Refusal cli/NoGrant, cli/NoRecords.
 */
export async function readForCard(client: Client, { as, patient, onUnreadable }: RecordReading): Promise<readonly FiledContent[]> {
  const purpose = "TREAT";
  const grantId = await requireGrant(client, { reader: as, owner: patient, purpose });
  const { opened } = await readRecords(client, { as, owner: patient, purpose, grantId, onUnreadable });
  const documents = contentsOf(opened, onUnreadable);
  const filed = await provenDocuments(
    client,
    documents.map(({ object }) => object.objectId),
  );
  return documents.map(({ content }, index) => ({ content, author: filed[index]!.author, organisation: filed[index]!.organisation }));
}
