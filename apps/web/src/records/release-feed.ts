import { type LoggedRelease, releaseLog } from "@galen/sdk/records/release-log";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNetwork } from "../network/network.tsx";

/** As many as the SDK has proven by one request. */
const PAGE = 64;

type Entries = AsyncGenerator<LoggedRelease, void, undefined>;

/** A stretch of the log, and the rest of it, not read yet. */
interface Stretch {
  readonly entries: readonly LoggedRelease[];
  readonly rest: Entries | undefined;
}

async function take(rest: Entries): Promise<Stretch> {
  const entries: LoggedRelease[] = [];
  while (entries.length < PAGE) {
    const { done, value } = await rest.next();
    if (done) return { entries, rest: undefined };
    entries.push(value);
  }
  return { entries, rest };
}

/** Who asked to read an owner's records, newest first, as far as one has scrolled. Every entry is proven, and none left out. */
export function useReleaseLog(owner: string) {
  const network = useNetwork();
  return useInfiniteQuery({
    queryKey: ["release-log", owner],
    enabled: network.data !== undefined,
    initialPageParam: undefined as Entries | undefined,
    queryFn: ({ pageParam }) => take(pageParam ?? releaseLog(network.data!.client, owner)),
    getNextPageParam: ({ rest }) => rest,
    // A generator that was read cannot be read again: the first stretch begins a new one.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
