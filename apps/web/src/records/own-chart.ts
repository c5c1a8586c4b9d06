import { readAllOwned } from "@galen/gateway/reading/owned-records";
import { useQuery } from "@tanstack/react-query";
import { type Chart, readChart } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";
import { keepDocuments, keptDocuments } from "./kept-documents.ts";

/** The person's own records, opened in this tab if they are wanted. Offline, those that were opened here before. */
export function useOwnChart({ isWanted = true }: { readonly isWanted?: boolean } = {}) {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-chart", own.account],
    enabled: isWanted && network.data !== undefined,
    async queryFn(): Promise<Chart> {
      if (!navigator.onLine) return readChart(await keptDocuments(own));
      const records = await readAllOwned(network.data!.client, own);
      const documents = records.map(({ objectId, facts, compartment, label, author, content }) => {
        return { objectId, title: facts.title, day: facts.period?.start, compartment, label, author, content };
      });
      await keepDocuments(own, documents);
      return readChart(documents);
    },
  });
}
