import type { Client } from "@galen/sdk/client/client";
import { subscribe } from "@galen/sdk/client/subscribe";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
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

/** Asks anew whenever a block is sealed. */
export function useLiveBlocks(): void {
  const { data: network } = useNetwork();
  const queries = useQueryClient();
  useEffect(() => {
    if (!network) return;
    const gone = new AbortController();
    void follow(gone.signal);
    return () => gone.abort();

    async function follow(signal: AbortSignal): Promise<void> {
      try {
        for await (const { event } of subscribe(network!.client, { topics: ["blocks"], signal })) {
          if (event === "block") await queries.invalidateQueries({ queryKey: ["chain", "latest"] });
        }
      } catch {
        // Too many listen: the page stays as it was loaded.
      }
    }
  }, [network, queries]);
}
