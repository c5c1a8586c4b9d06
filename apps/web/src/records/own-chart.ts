import { readOwnedChanges } from "@galen/gateway/reading/owned-records";
import { useQuery } from "@tanstack/react-query";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";
import { keepDocuments, keptDocuments } from "./kept-documents.ts";
import { type OwnChart, openOwnChart } from "./open-own-chart.ts";

/** The person's own records, opened in this tab if they are wanted. Without the node, those that were opened here before. */
export function useOwnChart({ isWanted = true }: { readonly isWanted?: boolean } = {}) {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-chart", own.account],
    enabled: isWanted && network.data !== undefined,
    queryFn: ({ client: queries, queryKey }): Promise<OwnChart> =>
      openOwnChart({
        before: queries.getQueryData<OwnChart>(queryKey),
        changes: (open, onUnreadable) => readOwnedChanges(network.data!.client, own, { open, onUnreadable }),
        kept: () => keptDocuments(own),
        keep: (documents) => keepDocuments(own, documents),
      }),
  });
}
