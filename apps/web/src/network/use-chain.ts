import type { Client } from "@galen/sdk/client/client";
import { useQuery } from "@tanstack/react-query";
import { useNetwork } from "./network.tsx";

/** Something of the chain, asked of the node. */
export function useChain<T>(key: readonly (string | number)[], ask: (client: Client) => Promise<T>) {
  const network = useNetwork();
  const found = useQuery({
    queryKey: ["chain", ...key],
    enabled: network.data !== undefined,
    queryFn: () => ask(network.data!.client),
  });
  return network.error ? { ...found, error: network.error, isPending: false } : found;
}
