import type { Notice } from "@galen/sdk/client/subscribe";
import type { LoggedRelease } from "@galen/sdk/records/release-log";
import { useEffect, useRef, useState } from "react";
import { askAnew } from "../../hearing/asked-anew.ts";
import { useNotices } from "../../hearing/use-notices.ts";
import { newestHeight } from "../../network/heights.ts";
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
const topics = ["blocks", "transactions"] as const;

/** The past as far as the node tells it, then whatever is asked, live. */
export function useNetworkReleases() {
  const { error: networkError } = useNetwork();
  const [known, setKnown] = useState(nothing);
  const [error, setError] = useState<unknown>();
  const told = useRef<Told>(undefined);
  const drawing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(drawing.current), []);
  function begin(tip: number): number {
    told.current = createTold(tip);
    setKnown(nothing);
    return Math.max(0, tip - PAST_BLOCKS);
  }
  function draw(): void {
    drawing.current = undefined;
    if (told.current) setKnown(told.current.known());
    setError(undefined);
    askAnew({ event: "emergency" });
  }
  useNotices({
    topics,
    after: ({ height = 0 }) => begin(newestHeight() ?? height),
    onRefused: setError,
    hear(notice) {
      // What was missed lies further back than the node tells: it begins with the past again.
      if (notice.event === "gap") begin(newestHeight() ?? 0);
      else if (told.current?.hear(notice)) drawing.current ??= setTimeout(draw, DRAW_AFTER_MS);
    },
  });
  return { ...known, error: networkError ?? error };
}

type Told = ReturnType<typeof createTold>;

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
