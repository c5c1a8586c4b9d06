import { grantsOf, isOpen, type KnownGrant } from "@galen/sdk/records/known-grants";
import { useQuery } from "@tanstack/react-query";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";

/** In force, or why not. */
export type GrantState = "open" | "revoked" | "expired" | "exhausted" | "upcoming";

export function stateOf(grant: KnownGrant, now: number): GrantState {
  if (grant.revokedAt !== undefined) return "revoked";
  if (isOpen(grant, now)) return "open";
  if (grant.until <= now) return "expired";
  return grant.readsLeft === 0 ? "exhausted" : "upcoming";
}

/** The grants that the person gave, newest first; that none is left out is proven. */
export function useOwnGrants() {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-grants", own.account],
    enabled: network.data !== undefined,
    queryFn: () => grantsOf(network.data!.client, own.account),
  });
}
