import { MAX_LISTED, type Use } from "@galen/ledger/modules/emergency/schema";
import type { Client } from "../client/client.ts";
import { query } from "../client/query.ts";

/** A reading in an emergency, by the id of its release. */
export type KnownUse = Use & { readonly releaseId: string };

/** All readings in an emergency that no auditor has looked at, the oldest first, as the node tells them. Rejects with GalenError. */
export async function unreviewedUses(client: Client): Promise<KnownUse[]> {
  const found: KnownUse[] = [];
  for (;;) {
    const last = found.at(-1);
    const rest = last && { from: last.at, after: last.releaseId };
    const { uses } = (await query<{ uses: readonly KnownUse[] }>(client, "emergency.unreviewed", rest)).result;
    found.push(...uses);
    if (uses.length < MAX_LISTED) return found;
  }
}
