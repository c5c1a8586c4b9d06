import type { Grant } from "@galen/ledger/modules/vault/schema";
import type { Client } from "@galen/sdk/client/client";
import { query } from "@galen/sdk/client/query";
import { listGrants } from "@galen/sdk/records/listings";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { errors } from "../errors.ts";

export type KnownGrant = Grant & { readonly grantId: string };

const PAGE = 100;

/** The grants that an owner gave, as the ledger lists them, newest first. */
export async function grantsOf(client: Client, owner: string): Promise<readonly KnownGrant[]> {
  const found: (KnownGrant & { readonly number: number })[] = [];
  for (let before: number | undefined; before !== 0; before = found.at(-1)?.number ?? 0) {
    const { result } = await query<{ grants: typeof found }>(client, "vault.grantsOf", { owner, before, limit: PAGE });
    found.push(...result.grants);
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
