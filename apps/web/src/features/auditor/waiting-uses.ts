import type { Use } from "@galen/ledger/modules/emergency/schema";
import { query } from "@galen/sdk/client/query";
import { useChain } from "../../network/use-chain.ts";

export type KnownUse = Use & { readonly releaseId: string };

/** Readings in an emergency that no auditor has looked at, the oldest first; the node lists 32 at most. */
export function useWaitingUses() {
  return useChain(
    ["waiting-uses"],
    async (client) => (await query<{ uses: readonly KnownUse[] }>(client, "emergency.unreviewed")).result.uses,
  );
}
