import type { Actor } from "@galen/sdk/client/actor";
import type { Client } from "@galen/sdk/client/client";
import { bestGrant, grantsTo } from "@galen/sdk/records/known-grants";
import type { Purpose } from "../choices.ts";
import { errors } from "../errors.ts";

/** The id of the grant under which a reader asks: an open one for the purpose, else any, so that the ledger says no and the patient sees it. Throws Refusal cli/NoGrant. */
export async function requireGrant(
  client: Client,
  { reader, owner, purpose }: { readonly reader: Actor; readonly owner: string; readonly purpose: Purpose },
): Promise<string> {
  const grants = (await grantsTo(client, reader)).filter((grant) => grant.owner === owner);
  const best = bestGrant(grants, { purpose, now: client.now() });
  if (!best) throw errors.NoGrant({ patient: owner });
  return best.grantId;
}
