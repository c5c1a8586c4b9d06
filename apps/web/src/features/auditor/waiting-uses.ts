import { unreviewedUses } from "@galen/sdk/records/unreviewed-uses";
import { useChain } from "../../network/use-chain.ts";

export type { KnownUse } from "@galen/sdk/records/unreviewed-uses";

/** Readings in an emergency that no auditor has looked at, the oldest first. */
export function useWaitingUses() {
  return useChain(["waiting-uses"], unreviewedUses);
}
