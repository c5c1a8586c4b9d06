import { setTimeout as sleep } from "node:timers/promises";
import { createSigner, type SignedTransaction } from "../../bench/network/signed-transactions.ts";
import type { LabNode } from "./lab-node.ts";

/** Transactions sent at a steady rate, whatever becomes of those before. */
export interface Load {
  /** Acknowledged as executed so far. */
  readonly acknowledged: readonly SignedTransaction[];
  /** Sends what got no answer again, to a node that works, until all is acknowledged or has expired. */
  finish(node: LabNode): Promise<void>;
}

export interface LoadOptions {
  readonly chainId: string;
  readonly nodes: readonly LabNode[];
  readonly perSecond: number;
}

/** As long as a node waits for a block, and a little. */
const ANSWER_TIMEOUT_MS = 12_000;
/** Signed at once, before it begins; nearly every case takes less, and one that takes a quarter of an hour outlives them. */
const SECONDS_SIGNED = 180;
const FINISH_MS = 90_000;

/** Starts sending to all nodes in turn, also to those that do not answer. */
export function startLoad({ chainId, nodes, perSecond }: LoadOptions): Load {
  const transactions = Array.from({ length: perSecond * SECONDS_SIGNED }, () => createSigner(chainId).creation);
  const acknowledged: SignedTransaction[] = [];
  const open = new Set<SignedTransaction>();
  const pending = new Set<Promise<void>>();
  let isOver = false;
  let failure: Error | undefined;

  async function send(transaction: SignedTransaction, node: LabNode): Promise<void> {
    open.add(transaction);
    try {
      const answer = await post(transaction, node.url);
      if (answer === "expired" && !isOver) throw new Error("a transaction was called expired that had minutes left");
      if (answer === "unknown") return;
      open.delete(transaction);
      if (answer === "acknowledged") acknowledged.push(transaction);
    } catch (error) {
      failure ??= error as Error;
    }
  }

  async function run(): Promise<void> {
    const startAt = performance.now();
    for (let sent = 0; !isOver && sent < transactions.length; ) {
      const due = Math.min(transactions.length, Math.floor(((performance.now() - startAt) / 1_000) * perSecond));
      for (; sent < due; sent++) {
        const sending = send(transactions[sent]!, nodes[sent % nodes.length]!);
        pending.add(sending);
        void sending.finally(() => pending.delete(sending));
      }
      await sleep(5);
    }
  }

  const sending = run();
  return {
    acknowledged,
    async finish(node) {
      isOver = true;
      await sending;
      await Promise.all(pending);
      for (const deadline = performance.now() + FINISH_MS; open.size > 0 && !failure; ) {
        if (performance.now() > deadline) throw new Error(`${open.size} transactions are still without an answer`);
        await Promise.all([...open].slice(0, 50).map((transaction) => send(transaction, node)));
      }
      if (failure) throw failure;
    },
  };
}

/** Sent twice, a transaction counts once: the second answer says so, and that it was executed. */
async function post({ bytes }: SignedTransaction, url: string): Promise<"acknowledged" | "expired" | "unknown"> {
  try {
    const response = await fetch(`${url}/v1/transactions`, {
      method: "POST",
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { "content-type": "application/cbor" },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const answer = (await response.json()) as { readonly title?: string };
    if (response.ok || answer.title === "tx/Replayed") return "acknowledged";
    if (answer.title === "tx/Expired") return "expired";
    if (response.status >= 500 || response.status === 429 || answer.title === "engine/Dropped") return "unknown";
    throw new Error(`a transaction was answered with ${response.status} ${answer.title}`);
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === "TimeoutError" || error instanceof SyntaxError) return "unknown";
    throw error;
  }
}
