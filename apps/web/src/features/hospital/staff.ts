import { listMembers } from "@galen/sdk/organisations/members";
import { useInfiniteQuery } from "@tanstack/react-query";
import { usePerson } from "../../keys/person.ts";
import { useNetwork } from "../../network/network.tsx";

export const staffKey = (house: string) => ["staff", house] as const;

/** Who works at a house, the last to be entered or changed first, as far as one has asked. Every entry is proven. */
export function useStaff(house: string) {
  const { own } = usePerson();
  const network = useNetwork();
  return useInfiniteQuery({
    queryKey: staffKey(house),
    enabled: network.data !== undefined,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => listMembers(network.data!.client, { as: own, organisation: house, before: pageParam }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
