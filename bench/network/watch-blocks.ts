import { once } from "node:events";

/** Notes when the blocks of a load were announced. */
export interface BlockWatch {
  /** Of each transaction of the load that stands in a block, in milliseconds from when it was due. */
  latencies(): readonly number[];
  /** Rate over all blocks with transactions of the load, from the first one on. */
  perSecond(): number;
  close(): void;
}

interface NewBlock {
  readonly result?: {
    readonly data?: { readonly value?: { readonly block?: { readonly data: { readonly txs: readonly string[] | null } } } };
  };
}

/** Listens to a node's RPC. `due` holds when each transaction (base64) was due; it may grow meanwhile. */
export async function watchBlocks(rpc: string, due: ReadonlyMap<string, number>): Promise<BlockWatch> {
  const socket = new WebSocket(`${rpc.replace(/^http/, "ws")}/websocket`);
  await once(socket, "open");
  const latencies: number[] = [];
  const blocks: { readonly at: number; readonly own: number }[] = [];
  socket.addEventListener("message", (message) => {
    const at = performance.now();
    const txs = (JSON.parse(String(message.data)) as NewBlock).result?.data?.value?.block?.data.txs ?? [];
    const own = txs.flatMap((tx) => due.get(tx) ?? []);
    latencies.push(...own.map((dueAt) => at - dueAt));
    if (own.length > 0) blocks.push({ at, own: own.length });
  });
  socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "subscribe", params: { query: "tm.event='NewBlock'" } }));
  return {
    latencies: () => latencies,
    perSecond() {
      const [first, last] = [blocks[0], blocks.at(-1)];
      if (!first || !last || first === last) return 0;
      // What stands in the first block was waited for before the count began.
      const counted = blocks.slice(1).reduce((sum, { own }) => sum + own, 0);
      return (counted / (last.at - first.at)) * 1_000;
    },
    close: () => socket.close(),
  };
}
