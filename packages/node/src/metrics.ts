import type { SealedBlock } from "@galen/engines/chain/sealed-block";
import type { Engine } from "@galen/engines/engine";
import type { Indexer } from "@galen/indexer";
import { Refusal } from "@galen/ledger/app/refusal";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { errors as blobErrors } from "./blobs/blob-error.ts";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { BlobHealer } from "./blobs/heal-blobs.ts";
import type { HistoryHealer } from "./history/heal-history.ts";
import type { PeerCounters } from "./peers/peers.ts";

/** How a request ended, without who sent it or what it asked for. */
export interface ServedRequest {
  /** Path of the table, with its parameters' names. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** What the node counts, for Prometheus. Labels never name an account, a key or an object. */
export interface Metrics extends PeerCounters {
  readonly contentType: string;
  /** At most a second old. */
  text(): Promise<string>;
  observeRequest(request: ServedRequest): void;
  /** Follows the engine's height, pool and blocks. */
  watch(engine: Engine): void;
  /** The same store; its writes are timed. */
  timed(kv: KeyValueStore): KeyValueStore;
  /** The same store; what it takes in, and what it finds rotten, is counted. */
  counted(blobs: BlobStore): BlobStore;
  /** How the custodian answered a reader: `served`, or the id of its refusal. */
  countShares(result: string): void;
  watchIndex(index: Pick<Indexer, "height">): void;
  watchHealing(healer: Pick<BlobHealer, "status">): void;
  watchHistory(history: Pick<HistoryHealer, "status">): void;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const BLOCK_TXS = [0, 1, 10, 100, 1_000, 10_000];

/** To collect takes as long as many other requests: whoever asks within this time gets the same text. */
const TEXT_AGE_MS = 1_000;

/** Empty counters. @param now milliseconds that never go back */
export function createMetrics(now = () => performance.now()): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    ...{ name: "galen_http_seconds", help: "time to answer a request", buckets: SECONDS, registers },
    labelNames: ["route", "method", "status"],
  });
  const observeBlock = blockCounters(registry);
  const writes = new Histogram({ name: "galen_commit_seconds", help: "time of a durable write of the chain", buckets: SECONDS, registers });
  const shares = new Counter({
    ...{ name: "galen_custodian_answers_total", help: "answers of the custodian to readers by result", registers },
    labelNames: ["result"],
  });
  let collected: { readonly at: number; readonly text: Promise<string> } | undefined;
  return {
    contentType: registry.contentType,
    text() {
      if (!collected || now() - collected.at >= TEXT_AGE_MS) collected = { at: now(), text: registry.metrics() };
      return collected.text;
    },
    observeRequest: ({ route, method, status, durationMs }) => requests.observe({ route, method, status }, durationMs / 1_000),
    watch(engine) {
      gauge(registry, "galen_height", "height of the last durable block", () => engine.status().height);
      gauge(registry, "galen_pool_transactions", "transactions that wait for a block", () => engine.status().pool.txs);
      gauge(registry, "galen_pool_bytes", "bytes of the transactions that wait", () => engine.status().pool.bytes);
      engine.subscribe(observeBlock);
    },
    timed: (kv) => ({
      ...kv,
      async write(batch) {
        const stop = writes.startTimer();
        await kv.write(batch);
        stop();
      },
    }),
    counted: countBlobs(registry),
    countShares: (result) => shares.inc({ result }),
    ...peerCounters(registry),
    watchIndex(index) {
      gauge(registry, "galen_indexed_height", "height up to which the read model has come", () => index.height());
    },
    watchHistory(history) {
      gauge(registry, "galen_history_repaired", "blocks fetched from other nodes since the start", () => history.status().repaired);
      gauge(registry, "galen_history_missing", "1 while a block of the past is missing and no node gives it", () =>
        Number(history.status().state === "missing"),
      );
    },
    watchHealing(healer) {
      gauge(registry, "galen_blobs_repaired", "blobs fetched from other nodes since the start", () => healer.status().repaired);
      gauge(registry, "galen_blobs_lost", "blobs that the ledger names and no node that answers has", () => healer.status().lost);
    },
  };
}

function blockCounters(registry: Registry): (block: SealedBlock) => void {
  const registers = [registry];
  const txs = new Counter({ name: "galen_transactions_total", help: "executed transactions by result", labelNames: ["result"], registers });
  const blockTxs = new Histogram({ name: "galen_block_transactions", help: "transactions in a block", buckets: BLOCK_TXS, registers });
  const releases = new Counter({ name: "galen_releases_total", help: "requests to read by outcome", labelNames: ["outcome"], registers });
  return ({ record }) => {
    blockTxs.observe(record.txResults.length);
    for (const { refusal, events } of record.txResults) {
      txs.inc({ result: refusal?.id ?? "executed" });
      for (const { type } of events) {
        if (type === "vault.released") releases.inc({ outcome: "released" });
        if (type === "vault.refused") releases.inc({ outcome: "refused" });
      }
    }
  };
}

function countBlobs(registry: Registry): Metrics["counted"] {
  const registers = [registry];
  const bytes = new Counter({ name: "galen_blob_bytes_total", help: "bytes of blobs that were handed in", registers });
  const corrupt = new Counter({ name: "galen_blobs_corrupt_total", help: "reads of blobs that no longer match their address", registers });
  return (blobs) => ({
    ...blobs,
    async put(list) {
      const addresses = await blobs.put(list);
      bytes.inc(list.reduce((sum, { length }) => sum + length, 0));
      return addresses;
    },
    async get(address) {
      try {
        return await blobs.get(address);
      } catch (error) {
        if (error instanceof Refusal && error.kind === blobErrors.Corrupt.kind) corrupt.inc();
        throw error;
      }
    },
  });
}

function peerCounters(registry: Registry): PeerCounters {
  const requests = new Counter({
    ...{ name: "galen_peer_requests_total", help: "requests to other nodes by purpose and result", registers: [registry] },
    labelNames: ["purpose", "result"],
  });
  return {
    countPeer: (purpose, result) => requests.inc({ purpose, result }),
    watchPeers(peers) {
      gauge(registry, "galen_peers", "other nodes that this one was told of", () => peers.list().length);
      gauge(registry, "galen_peers_reachable", "those that answer, under a key that the ledger knows", () => peers.nodes().length);
    },
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number | Promise<number>): void {
  new Gauge({
    ...{ name, help, registers: [registry] },
    async collect() {
      this.set(await read());
    },
  });
}
