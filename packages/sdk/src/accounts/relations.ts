import type { Delegation } from "@galen/ledger/modules/accounts/schema";
import { delegations } from "@galen/ledger/modules/accounts/state";
import type { Actor } from "../client/actor.ts";
import { readText } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { inParallel } from "../client/in-parallel.ts";
import { query } from "../client/query.ts";
import { readProven } from "../proofs/read-proven.ts";
import { listDelegations, listGuardianships, type Page, type Row } from "../records/listings.ts";
import { fetchAccount } from "./fetch-account.ts";

/** Who acts for whom, in what, until when (milliseconds since 1970), and why. */
export type KnownDelegation = Delegation & { readonly owner: string; readonly delegate: string };

const PAGE = 100;
const PARALLEL = 6;

/** The delegations that an account has given, the latest first. The list is the node's word; each entry is proven if the client trusts somebody. */
export function delegationsBy(client: Client, owner: Actor): Promise<readonly KnownDelegation[]> {
  return knownDelegations(client, owner, { owner: owner.account });
}

/** The delegations under which an account acts for others. What holds for `delegationsBy` holds here. */
export function delegationsTo(client: Client, delegate: Actor): Promise<readonly KnownDelegation[]> {
  return knownDelegations(client, delegate, { delegate: delegate.account });
}

async function knownDelegations(
  client: Client,
  as: Actor,
  of: { readonly owner: string } | { readonly delegate: string },
): Promise<readonly KnownDelegation[]> {
  const rows = await allRows((before) => listDelegations(client, { as, of, before, limit: PAGE }));
  const found = await inParallel(rows, PARALLEL, async (row) => {
    const pair = { owner: readText(row.owner, "owner"), delegate: readText(row.delegate, "delegate") };
    const value = await delegationOf(client, pair);
    return value && { ...pair, ...value };
  });
  // One that ended between the list and the look at it is none any more.
  return found.filter((one) => one !== undefined);
}

async function delegationOf(
  client: Client,
  { owner, delegate }: Pick<KnownDelegation, "owner" | "delegate">,
): Promise<Delegation | undefined> {
  if (client.trust) return (await readProven(client, delegations, owner, delegate)).value;
  return (await query<Delegation>(client, "accounts.delegation", { owner, delegate })).result;
}

/** The accounts that a guardian can help to rescue, the latest first: found in the read model, told by the ledger. */
export async function guardedBy(client: Client, guardian: Actor): Promise<readonly string[]> {
  const rows = await allRows((before) => listGuardianships(client, { as: guardian, before, limit: PAGE }));
  const found = await inParallel(rows, PARALLEL, async (row) => {
    const account = readText(row.account, "account");
    const { guardianship } = await fetchAccount(client, account);
    return guardianship?.guardians.includes(guardian.account) ? account : undefined;
  });
  return found.filter((account) => account !== undefined);
}

async function allRows(page: (before: number | undefined) => Promise<Page<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const { items, next } = await page(before ?? undefined);
    rows.push(...items);
    before = next;
  }
  return rows;
}
