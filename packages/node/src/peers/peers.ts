import type { ReadContext } from "@galen/ledger/app/context";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { ConfigError } from "../config.ts";
import type { Identity } from "../identity.ts";
import type { Logger } from "../logger.ts";
import { type CallPeer, createCallPeer, type PeerCall } from "./call-peer.ts";
import { isNode } from "./known-nodes.ts";
import { deepestReason, PeerFailure, type PeerFailureReason } from "./peer-failure.ts";
import { type PeerReport, parseBaseUrl, parsePeerReport } from "./peer-report.ts";

/** Another node of the network, as its own report and the last attempts show it. */
export interface Peer {
  /** Where this node reaches it, as its settings say. */
  readonly url: string;
  /** Where clients reach it: what it says of itself, if it is a node of the network; else `url`. */
  readonly publicUrl: string;
  /** Undefined until it has answered once. */
  readonly report: PeerReport | undefined;
  readonly isReachable: boolean;
}

/** A peer that answers, under a key that the ledger knows: what is sealed may go there. */
export interface PeerNode {
  readonly url: string;
  readonly key: string;
  readonly height: number;
}

/** What one node asks of another, for the counters. */
export type PeerPurpose = "report" | "relay" | "blobs" | "history";

/** The other nodes that this one was told of. */
export interface Peers {
  list(): readonly Peer[];
  /** Those that may be asked now, without this node itself. */
  nodes(): readonly PeerNode[];
  /** Resolves when every peer has been looked for at least once. */
  met(): Promise<void>;
  /** Looks again at all of them. */
  refresh(): Promise<void>;
  /** Asks a node; `check` makes what is wanted of the answer, or throws when it is something else. Rejects with PeerFailure. */
  ask<T>(node: PeerNode, purpose: PeerPurpose, call: PeerCall, check: (answer: Uint8Array) => T): Promise<T>;
  stop(): Promise<void>;
}

/** Hears how requests to peers end. */
export interface PeerCounters {
  countPeer(purpose: PeerPurpose, result: PeerFailureReason | "ok"): void;
  watchPeers(peers: Pick<Peers, "list" | "nodes">): void;
}

type Known = Omit<Peer, "publicUrl">;

export interface PeersOptions extends Identity {
  /** Base addresses of their APIs. */
  readonly urls: readonly string[];
  readonly metrics: PeerCounters;
  /** Hears when a peer is missed, and why, and when it is back. */
  readonly logger: Pick<Logger, "info" | "warn">;
}

const REFRESH_MS = 5_000;
/** While one of them is away: it is missed as soon as it is back. */
const RETRY_MS = 1_000;
const REPORT_TIMEOUT_MS = 3_000;
/** Of a report with the longest list of peers. */
const MAX_REPORT_BYTES = 131_072;

/** Keeps an eye on the peers. Throws ConfigError when an address is none. */
export function openPeers({ urls, ledger, metrics, logger, ...identity }: PeersOptions): Peers {
  const bases = new Set(urls.map(requireBase));
  const call = createCallPeer({ ...identity, ledger });
  const ownKey = bytesToHex(identity.validator.publicKey);
  const stopping = new AbortController();
  const missed = new Map<string, PeerFailureReason>();
  const book = new Map<string, Known>([...bases].map((url) => [url, { url, report: undefined, isReachable: false }]));

  async function look({ url, report: before }: Known): Promise<void> {
    try {
      const report = await counted(metrics, "report", () => readReport(call, url, ledger.chainId, stopping.signal));
      book.set(url, { url, report, isReachable: true });
      if (missed.delete(url)) logger.info({ url }, "a peer answers again");
    } catch (error) {
      if (!(error instanceof PeerFailure)) throw error;
      book.set(url, { url, report: before, isReachable: false });
      tellMissed(error);
    }
  }

  /** Once for each way in which it fails, not at every look. */
  function tellMissed(failure: PeerFailure): void {
    const { url, reason } = failure;
    if (missed.get(url) === reason || stopping.signal.aborted) return;
    missed.set(url, reason);
    logger.warn({ url, reason, cause: deepestReason(failure) }, "a peer does not answer as one");
  }

  async function refresh(): Promise<void> {
    await Promise.all([...book.values()].map(look));
  }

  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void>;
  function lookFromNowOn(): Promise<void> {
    looking = refresh().then(() => {
      if (book.size === 0 || stopping.signal.aborted) return;
      const isComplete = [...book.values()].every(({ isReachable }) => isReachable);
      timer = setTimeout(() => void lookFromNowOn(), isComplete ? REFRESH_MS : RETRY_MS);
    });
    return looking;
  }

  const met = lookFromNowOn();
  const peers: Peers = {
    list() {
      const ctx = ledger.read();
      const others = [...book.values()].filter(({ report }) => report?.key !== ownKey);
      return others.map((known) => ({ ...known, publicUrl: publicUrlOf(ctx, known) }));
    },
    nodes() {
      const ctx = ledger.read();
      return peers.list().flatMap(({ url, report, isReachable }) => {
        return report && isReachable && isNode(ctx, report.key) ? [{ url, key: report.key, height: report.height }] : [];
      });
    },
    met: () => met,
    refresh,
    ask: (node, purpose, request, check) =>
      counted(metrics, purpose, async () => checked(node, check, await call(node, { ...request, signal: stopping.signal }))),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await looking;
    },
  };
  metrics.watchPeers(peers);
  return peers;
}

/** Somebody else could have an address of their choice believed to be that of a node. */
function publicUrlOf(ctx: ReadContext, { url, report }: Known): string {
  return report?.publicUrl !== undefined && isNode(ctx, report.key) ? report.publicUrl : url;
}

function requireBase(url: string): string {
  const base = parseBaseUrl(url);
  if (base === undefined)
    throw new ConfigError(`the setting peers: ${JSON.stringify(url)} is no address of a node, such as "https://galen.clinic.example"`);
  return base;
}

async function readReport(call: CallPeer, url: string, chainId: string, signal: AbortSignal): Promise<PeerReport> {
  const request = { method: "GET", path: "/v1/peers", maxBytes: MAX_REPORT_BYTES, timeoutMs: REPORT_TIMEOUT_MS, signal } as const;
  const report = checked({ url }, parsePeerReport, await call({ url, key: undefined }, request));
  if (report.chainId !== chainId) throw new PeerFailure("wrong", url, { cause: new Error("it belongs to another network") });
  return report;
}

function checked<T>({ url }: { readonly url: string }, check: (answer: Uint8Array) => T, answer: Uint8Array): T {
  try {
    return check(answer);
  } catch (cause) {
    throw new PeerFailure("wrong", url, { cause });
  }
}

async function counted<T>(metrics: PeerCounters, purpose: PeerPurpose, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    metrics.countPeer(purpose, "ok");
    return result;
  } catch (error) {
    if (error instanceof PeerFailure) metrics.countPeer(purpose, error.reason);
    throw error;
  }
}
