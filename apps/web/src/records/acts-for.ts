import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePerson } from "../keys/person.ts";
import { useNetwork } from "../network/network.tsx";

const keyOf = (account: string) => ["acts-for", account];

/** Accounts for which the person acts: as the ledger says once it was asked, before that as this browser was told. */
export function useActsFor(): readonly string[] {
  const { saved } = usePerson();
  const { data } = useQuery<readonly string[]>({ queryKey: keyOf(saved.account), enabled: false });
  return data ?? saved.actsFor ?? [];
}

/** Asks the ledger for whom the person acts, and again when a delegation was given or ended. It waits until the page that somebody came for is there. */
export function useAskActsFor(): void {
  const { own } = usePerson();
  const { data: network } = useNetwork();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["delegations", "to", own.account],
    enabled: network !== undefined,
    async queryFn() {
      const { delegationsTo } = await import("@galen/sdk/accounts/relations");
      const now = network!.client.now();
      return (await delegationsTo(network!.client, own)).filter(({ until }) => until > now).map(({ owner }) => owner);
    },
  });
  useEffect(() => {
    if (data) queries.setQueryData(keyOf(own.account), data);
  }, [data, own.account, queries]);
}
