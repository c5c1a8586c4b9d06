import { type LoggedRelease, releaseLog } from "@galen/sdk/records/release-log";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNetwork } from "../network/network.tsx";
import { readNews, readStretch } from "./read-log.ts";

type Entries = readonly LoggedRelease[];

const keyOf = (owner: string) => ["release-log", owner];

/**
 * Who asked to read an owner's records, newest first, as far as one has scrolled. Every entry is proven, and none left out. Each says its place in the log, so
 * that it is read on from there, also after a lost connection, and what is new comes before what is shown.
 */
export function useReleaseLog(owner: string) {
  const network = useNetwork();
  const queries = useQueryClient();
  const { data: entries, ...asked } = useQuery({
    queryKey: keyOf(owner),
    enabled: network.data !== undefined,
    queryFn: () => readNews(releaseLog(network.data!.client, owner), () => queries.getQueryData<Entries>(keyOf(owner)) ?? []),
  });
  const oldest = entries?.at(-1);
  const { mutate, isPending, error } = useMutation({
    retry: 1,
    mutationFn: ({ owner: whose, number: before }: LoggedRelease) => readStretch(releaseLog(network.data!.client, whose, { before })),
    onSuccess(earlier, from) {
      queries.setQueryData<Entries>(keyOf(from.owner), (known) => (known?.at(-1)?.number === from.number ? [...known, ...earlier] : known));
    },
  });
  const readOn = useCallback(() => oldest && mutate(oldest), [oldest, mutate]);
  // Places run down to 0.
  return { ...asked, entries, earlier: { isLeft: oldest !== undefined && oldest.number > 0, readOn, isPending, error } };
}
