import { afterHeight, type Notice, type Topic } from "@galen/sdk/client/subscribe";
import { useEffect, useRef } from "react";
import { useSession } from "../keys/person.ts";
import { newestHeight } from "../network/heights.ts";
import { type Network, useNetwork } from "../network/network.tsx";
import { listen } from "./one-stream.ts";

/** Before every block: who knows nothing hears what there is, or that it is too much. */
const BEGINNING = "0/0";

export interface Hearing {
  /** Must stay the same from one drawing to the next. */
  readonly topics: readonly Topic[];
  readonly hear: (notice: Notice) => void;
  /** The height after which everything must be heard; default: that of the newest answer. Undefined for all that the node tells. */
  readonly after?: (network: Network) => number | undefined;
  readonly onRefused?: (error: unknown) => void;
}

/** Hears of the ledger for as long as the component is there; personal topics are about the person here. */
export function useNotices({ topics, hear, after = newest, onRefused }: Hearing): void {
  const { data: network } = useNetwork();
  const session = useSession();
  const own = session.state === "open" ? session.person.own : undefined;
  const now = useRef({ hear, after, onRefused });
  now.current = { hear, after, onRefused };
  useEffect(() => {
    if (!network) return;
    const height = now.current.after(network);
    return listen({
      client: network.client,
      own,
      topics,
      hear: (notice) => now.current.hear(notice),
      // What is shown stays true as far as it was asked for; only who shows nothing but notices has to say so.
      onRefused: (error) => now.current.onRefused?.(error),
      place: height === undefined ? BEGINNING : afterHeight(height),
    });
  }, [network, own, topics]);
}

function newest({ height }: Network): number | undefined {
  return newestHeight() ?? height;
}
