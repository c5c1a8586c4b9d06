import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../measure.ts";
import { watchBlocks } from "./watch-blocks.ts";

/** What became of a load. */
export interface LoadResult {
  /** Transactions per second, from the first block with one of the load to the last. */
  readonly perSecond: number;
  /** From when a transaction was due to when its block was announced, in milliseconds. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  readonly committed: number;
  /** Turned away at the door, because the mempool was full. */
  readonly refused: number;
}

export interface OpenLoad {
  /** RPC of every node, such as `http://127.0.0.1:26657`. */
  readonly rpcs: readonly string[];
  readonly txs: readonly Uint8Array[];
  readonly perSecond: number;
}

/** How long the last ones may take. */
const PATIENCE_MS = 20_000;

/**
 * Sends transactions at a steady rate to the RPC of all nodes in turn, whether or not those before were answered, and listens for the blocks.
 * The same for every application behind CometBFT. A late transaction counts from when it was due.
 *
 * Not `broadcast_tx_sync`: CometBFT answers the requests of one connection one after the other, each only when the application has checked it, so that
 * the load would be no open one.
 */
export async function sendOpenLoop({ rpcs, txs, perSecond }: OpenLoad): Promise<LoadResult> {
  const sockets = await Promise.all(rpcs.map(openSocket));
  const due = new Map<string, number>();
  const blocks = await watchBlocks(rpcs[0]!, due);
  const refusals = sockets.map(countRefusals);
  const refused = () => refusals.reduce((sum, count) => sum + count(), 0);
  const startAt = performance.now();
  for (let sent = 0; sent < txs.length; ) {
    const dueCount = Math.min(txs.length, Math.floor(((performance.now() - startAt) / 1_000) * perSecond));
    for (; sent < dueCount; sent++) {
      const tx = Buffer.from(txs[sent]!).toString("base64");
      due.set(tx, startAt + (sent / perSecond) * 1_000);
      sockets[sent % sockets.length]!.send(`{"jsonrpc":"2.0","id":${sent},"method":"broadcast_tx_async","params":{"tx":"${tx}"}}`);
    }
    await sleep(2);
  }
  await waitUntil(() => blocks.latencies().length + refused() >= txs.length);
  for (const socket of sockets) socket.close();
  blocks.close();
  const latencies = blocks.latencies();
  return {
    perSecond: blocks.perSecond(),
    latencyP50Ms: quantile(latencies, 0.5),
    latencyP99Ms: quantile(latencies, 0.99),
    committed: latencies.length,
    refused: refused(),
  };
}

async function waitUntil(isSettled: () => boolean): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline && !isSettled(); ) await sleep(20);
}

async function openSocket(rpc: string): Promise<WebSocket> {
  const socket = new WebSocket(`${rpc.replace(/^http/, "ws")}/websocket`);
  await once(socket, "open");
  return socket;
}

/** Counts answers that say no: an error of the RPC (a full mempool), or a code of the application. */
function countRefusals(socket: WebSocket): () => number {
  let refused = 0;
  socket.addEventListener("message", (message) => {
    const { error, result } = JSON.parse(String(message.data)) as {
      readonly error?: unknown;
      readonly result?: { readonly code?: number };
    };
    if (error !== undefined || (result?.code ?? 0) !== 0) refused += 1;
  });
  return () => refused;
}
