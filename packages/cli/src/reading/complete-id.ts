import type { Client } from "@galen/sdk/client/client";
import { grantsOf } from "@galen/sdk/records/known-grants";
import { documentsOf } from "@galen/sdk/records/owned-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";

/** Whether an id begins with what the user typed. An empty text, such as an unset variable of a shell, begins none: it would choose where there is one only. */
export function beginsWith(id: string, start: string): boolean {
  return start !== "" && id.startsWith(start);
}

/** The one record id that begins with what the user typed. Throws Refusal cli/UnknownRecord, cli/AmbiguousId. */
export async function completeRecordId(client: Client, { owner, start }: { owner: string; start: string }): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(start)) return start;
  const found = (await documentsOf(client, owner)).map(({ objectId }) => objectId).filter((objectId) => beginsWith(objectId, start));
  if (found.length > 1) throw errors.AmbiguousId({ start, records: found.length });
  if (found[0] === undefined) throw errors.UnknownRecord({ start });
  return found[0];
}

/** The one id of an owner's grant that begins with what the user typed. Throws Refusal cli/UnknownGrant, cli/AmbiguousId. */
export async function completeGrantId(client: Client, { owner, start }: { owner: OwnAccount; start: string }): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(start)) return start;
  const found = (await grantsOf(client, owner.account)).filter(({ grantId }) => beginsWith(grantId, start));
  if (found.length > 1) throw errors.AmbiguousId({ start, grants: found.length });
  if (found[0] === undefined) throw errors.UnknownGrant({ start });
  return found[0].grantId;
}
