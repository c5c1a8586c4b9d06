import { delegationsTo } from "@galen/sdk/accounts/relations";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";
import { actsForKey } from "./acts-for.ts";

/** Asks the ledger for whom the person acts, and again when a delegation was given or ended. It waits until the page that somebody came for is there. */
export function useAskActsFor(): void {
  const { own } = usePerson();
  const { data: network } = useNetwork();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["delegations", "to", own.account],
    enabled: network !== undefined,
    async queryFn() {
      const now = network!.client.now();
      return (await delegationsTo(network!.client, own)).filter(({ until }) => until > now).map(({ owner }) => owner);
    },
  });
  useEffect(() => {
    if (!data) return;
    queries.setQueryData(actsForKey(own.account), data);
    // What was opened for somebody is not shown any longer than one acts for that one.
    queries.removeQueries({ queryKey: ["read-chart"], predicate: ({ queryKey: [, owner] }) => !data.includes(String(owner)) });
  }, [data, own.account, queries]);
}
