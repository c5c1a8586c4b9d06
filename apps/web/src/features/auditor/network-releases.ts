import type { Client } from "@galen/sdk/client/client";
import { status } from "@galen/sdk/client/status";
import { type Notice, subscribe } from "@galen/sdk/client/subscribe";
import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useNetwork } from "../../network/network.tsx";

/** An auditor's or an owner's word on a reading in an emergency. */
export interface KnownReview {
  readonly releaseId: string;
  readonly judgement: "justified" | "unjustified";
  readonly reader: string;
  readonly by: string;
  readonly organisation?: string;
  readonly height: number;
}

/** Who asked to read anything on the network. All of it is public, on pseudonyms. */
export interface NetworkReleases {
  /** Newest first. */
  readonly releases: readonly LoggedRelease[];
  readonly reviews: readonly KnownReview[];
  /** From when on the node told; milliseconds since 1970. */
  readonly since: number | undefined;
  /** Whether what was before the page opened has been read. */
  readonly isCaughtUp: boolean;
}

/** What a node tells again of its past (its MAX_BACKFILL_BLOCKS). */
const PAST_BLOCKS = 1_000;
/** A past of many blocks arrives in one go; the page is drawn once for it. */
const DRAW_AFTER_MS = 100;

const nothing: NetworkReleases = { releases: [], reviews: [], since: undefined, isCaughtUp: false };

/** The past as far as the node tells it, then whatever is asked, live. */
export function useNetworkReleases() {
  const { data: network, error: networkError } = useNetwork();
  const [known, setKnown] = useState(nothing);
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  useEffect(() => {
    if (!network) return;
    const gone = new AbortController();
    setKnown(nothing);
    setError(undefined);
    const draw = (now: NetworkReleases) => {
      setKnown(now);
      void queries.invalidateQueries({ queryKey: ["chain", "waiting-uses"] });
    };
    void follow(network.client, gone.signal, draw).catch((cause: unknown) => {
      if (!gone.signal.aborted) setError(cause);
    });
    return () => gone.abort();
  }, [network, queries]);
  return { ...known, error: networkError ?? error };
}

async function follow(client: Client, signal: AbortSignal, draw: (known: NetworkReleases) => void): Promise<void> {
  const { height: tip } = await status(client);
  const told = createTold(tip);
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  const after = `${Math.max(0, tip - PAST_BLOCKS)}/0`;
  for await (const notice of subscribe(client, { topics: ["blocks", "transactions"], after, signal })) {
    if (!told.hear(notice)) continue;
    timer ??= setTimeout(() => {
      timer = undefined;
      draw(told.known());
    }, DRAW_AFTER_MS);
  }
}

interface ToldTransaction {
  readonly height: number;
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
}

/** Collects what notices tell. `tip`: the height at which the past ends. */
export function createTold(tip: number) {
  const releases: LoggedRelease[] = [];
  const reviews: KnownReview[] = [];
  let since: number | undefined;
  let isCaughtUp = false;

  function hearBlock({ height, time }: { readonly height: number; readonly time: number }): boolean {
    const hasNews = since === undefined || (!isCaughtUp && height >= tip);
    since ??= time;
    isCaughtUp ||= height >= tip;
    return hasNews;
  }

  function hearTransaction({ height, events }: ToldTransaction): boolean {
    const before = releases.length + reviews.length;
    for (const { type, data } of events) {
      if (type === "vault.released" || type === "vault.refused") releases.push(data as LoggedRelease);
      if (type === "emergency.reviewed") reviews.push({ ...(data as Omit<KnownReview, "height">), height });
    }
    return releases.length + reviews.length > before;
  }

  return {
    /** Whether the notice told something new. */
    hear({ event, data }: Pick<Notice, "event" | "data">): boolean {
      if (event === "block") return hearBlock(data as unknown as { readonly height: number; readonly time: number });
      return event === "transaction" && hearTransaction(data as unknown as ToldTransaction);
    },
    known: (): NetworkReleases => ({ releases: releases.toReversed(), reviews: reviews.toReversed(), since, isCaughtUp }),
  };
}
