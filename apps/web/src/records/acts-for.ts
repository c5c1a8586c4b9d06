import { useQuery } from "@tanstack/react-query";
import { usePerson } from "../keys/person.ts";

/** Where `useAskActsFor` leaves what it has learned. */
export const actsForKey = (account: string) => ["acts-for", account];

/** Accounts for which the person acts: as the ledger says once it was asked, before that as this browser was told. */
export function useActsFor(): readonly string[] {
  const { saved } = usePerson();
  const { data } = useQuery<readonly string[]>({ queryKey: actsForKey(saved.account), enabled: false });
  return data ?? saved.actsFor ?? [];
}
