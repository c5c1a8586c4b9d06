import type { Grant } from "@galen/ledger/modules/vault/schema";
import { grants, grantsOf as listed } from "@galen/ledger/modules/vault/state";
import type { Client } from "@galen/sdk/client/client";
import { galenError } from "@galen/sdk/client/galen-error";
import { query } from "@galen/sdk/client/query";
import { proofErrors } from "@galen/sdk/proofs/proof-error";
import { readProven } from "@galen/sdk/proofs/read-proven";
import { readSequence } from "@galen/sdk/proofs/read-sequence";
import { listGrants } from "@galen/sdk/records/listings";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";

export type KnownGrant = Grant & { readonly grantId: string };

const PAGE = 100;

/** The grants that an owner gave, newest first, each proven, and none left out. Rejects with GalenError `proof/…`. */
export async function grantsOf(client: Client, owner: string): Promise<readonly KnownGrant[]> {
  const found: KnownGrant[] = [];
  for await (const { grantId } of readSequence(client, listed, owner)) {
    const { value, height } = await readProven(client, grants, grantId);
    if (!value) throw galenError(proofErrors.EntryWithheld({ key: grants.keyOf(grantId), height }));
    found.push({ grantId, ...value });
  }
  return found;
}

/** The grants that name a reader, an organisation of the reader's or a role there, newest first: found in the read model, told by the ledger. */
export async function grantsTo(client: Client, reader: OwnAccount): Promise<readonly KnownGrant[]> {
  const ids: string[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await listGrants(client, { as: reader, of: { reader: reader.account }, before, limit: PAGE });
    ids.push(...page.items.map(({ grantId }) => String(grantId)));
    before = page.next;
  }
  return Promise.all(ids.map(async (grantId) => ({ grantId, ...(await query<Grant>(client, "vault.grant", { grantId })).result })));
}

/** Whether a grant would still open something at `now` (milliseconds since 1970). */
export function isOpen({ from, until, revokedAt, readsLeft }: Grant, now: number): boolean {
  return revokedAt === undefined && from <= now && now < until && readsLeft !== 0;
}

/** The one id of an owner's grant that begins with what the user typed. Throws Refusal cli/UnknownGrant, cli/AmbiguousId. */
export async function completeGrantId(client: Client, { owner, start }: { owner: OwnAccount; start: string }): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(start)) return start;
  const found = (await grantsOf(client, owner.account)).filter(({ grantId }) => grantId.startsWith(start));
  if (found.length > 1) throw errors.AmbiguousId({ start, grants: found.length });
  if (found[0] === undefined) throw errors.UnknownGrant({ start });
  return found[0].grantId;
}
