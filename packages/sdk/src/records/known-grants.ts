import type { Grant } from "@galen/ledger/modules/vault/schema";
import { grants, grantsOf as listed } from "@galen/ledger/modules/vault/state";
import type { Actor } from "../client/actor.ts";
import type { Client } from "../client/client.ts";
import { inParallel } from "../client/in-parallel.ts";
import { query } from "../client/query.ts";
import { readNamed } from "../proofs/read-sequence.ts";
import { listGrants } from "./listings.ts";
import type { KnownObject } from "./sealed-object.ts";

export type KnownGrant = Grant & { readonly grantId: string };

const PAGE = 100;
const PARALLEL_LOOK_UPS = 8;

/** The grants that an owner gave, newest first, each proven, and none left out. Rejects with GalenError `proof/…`. */
export async function grantsOf(client: Client, owner: string): Promise<readonly KnownGrant[]> {
  const found: KnownGrant[] = [];
  const named = { sequence: listed, of: owner, collection: grants, idOf: ({ grantId }: { readonly grantId: string }) => grantId };
  for await (const { id, value } of readNamed(client, named)) found.push({ grantId: id, ...value });
  return found;
}

/** The grants that name a reader, an organisation of the reader's or a role there, newest first: found in the read model, told by the ledger. */
export async function grantsTo(client: Client, reader: Actor): Promise<readonly KnownGrant[]> {
  const ids: string[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await listGrants(client, { as: reader, of: { reader: reader.account }, before, limit: PAGE });
    ids.push(...page.items.map(({ grantId }) => String(grantId)));
    before = page.next;
  }
  return inParallel(ids, PARALLEL_LOOK_UPS, async (grantId) => ({
    grantId,
    ...(await query<Grant>(client, "vault.grant", { grantId })).result,
  }));
}

/** Whether a grant would still open something at `now` (milliseconds since 1970). */
export function isOpen({ from, until, revokedAt, readsLeft }: Grant, now: number): boolean {
  return revokedAt === undefined && from <= now && now < until && readsLeft !== 0;
}

/** The grant under which to ask: an open one for the purpose, else the nearest, so that the ledger says no and the owner sees it. */
export function bestGrant(
  grants: readonly KnownGrant[],
  { purpose, now }: { readonly purpose: Grant["purposes"][number]; readonly now: number },
): KnownGrant | undefined {
  const nearness = (grant: KnownGrant) => Number(isOpen(grant, now)) * 2 + Number(grant.purposes.includes(purpose));
  return grants.toSorted((a, b) => nearness(b) - nearness(a))[0];
}

/** Those of an owner's objects that a grant covers; erased ones are covered by none. */
export function coveredBy({ covers }: Pick<Grant, "covers">, known: readonly KnownObject[]): readonly KnownObject[] {
  const present = known.filter(({ erasedAt }) => erasedAt === undefined);
  switch (covers.kind) {
    case "compartments":
      return present.filter(({ policy }) => covers.labels.includes(policy.compartment));
    case "objects":
      return present.filter(({ objectId }) => covers.ids.includes(objectId));
    case "everything":
      return present;
  }
}
