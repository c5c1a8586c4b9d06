import { grantsOf, isOpen, type KnownGrant } from "@galen/sdk/records/known-grants";
import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "../network/network.tsx";

/** In force, or why not. */
export type GrantState = "open" | "revoked" | "expired" | "exhausted" | "upcoming";

export function stateOf(grant: KnownGrant, now: number): GrantState {
  if (grant.revokedAt !== undefined) return "revoked";
  if (isOpen(grant, now)) return "open";
  if (grant.until <= now) return "expired";
  return grant.readsLeft === 0 ? "exhausted" : "upcoming";
}

/** The grants of an owner, newest first; that none is left out is proven. */
export function useGrantsOf(owner: string) {
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-grants", owner],
    enabled: network.data !== undefined,
    queryFn: () => grantsOf(network.data!.client, owner),
  });
}
