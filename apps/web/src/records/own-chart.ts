import { type OwnedRecord, readOwnedChanges } from "@galen/gateway/reading/owned-records";
import { useQuery } from "@tanstack/react-query";
import { type ChartDocument, type OpenedChart, readChart } from "../chart/chart.ts";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";
import { keepDocuments, keptDocuments } from "./kept-documents.ts";
import { statementOf } from "./statement-of.ts";

/** The person's own records, opened in this tab if they are wanted. Offline, those that were opened here before. */
export function useOwnChart({ isWanted = true }: { readonly isWanted?: boolean } = {}) {
  const { own } = usePerson();
  const network = useNetwork();
  return useQuery({
    queryKey: ["own-chart", own.account],
    enabled: isWanted && network.data !== undefined,
    async queryFn({ client: queries, queryKey }): Promise<OpenedChart> {
      if (!navigator.onLine) return { ...readChart(await keptDocuments(own)), unreadable: 0 };
      // Asked anew whenever something is filed: what is open is not fetched again.
      const open = queries.getQueryData<OpenedChart>(queryKey)?.documents ?? [];
      let unreadable = 0;
      const changes = await readOwnedChanges(network.data!.client, own, {
        open: open.map(({ objectId }) => objectId),
        onUnreadable: () => {
          unreadable += 1;
        },
      });
      const documents = [...open.filter(({ objectId }) => !changes.erased.has(objectId)), ...changes.added.map(documentOf)];
      await keepDocuments(own, documents);
      return { ...readChart(documents), unreadable };
    },
  });
}

function documentOf({ objectId, facts, compartment, label, author, relation, content }: OwnedRecord): ChartDocument {
  return { objectId, title: facts.title, day: facts.period?.start, compartment, label, author, ...statementOf(relation), content };
}
