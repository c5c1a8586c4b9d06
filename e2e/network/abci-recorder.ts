import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { createFrameReader } from "@galen/engines/cometbft/abci/frames";
import { decodeRequest } from "@galen/engines/cometbft/abci/requests";

/** Stands between CometBFT and a node, and writes down what is called. */
export interface AbciRecorder {
  /** Address for CometBFT's `proxy_app`. */
  readonly address: string;
  /** Names of the methods, in the order in which the calls came, over all connections. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

const MAX_FRAME_BYTES = 100_000_000;

/** Listens at `listenPath`, hands everything on to the node's socket at `nodePath`, and back. */
export async function recordAbci(listenPath: string, nodePath: string): Promise<AbciRecorder> {
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((comet) => {
    const node = createConnection(nodePath);
    const reader = createFrameReader(MAX_FRAME_BYTES);
    for (const socket of [comet, node]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    comet.on("data", (chunk) => {
      for (const frame of reader.push(chunk)) calls.push(decodeRequest(frame).method);
    });
    comet.pipe(node);
    node.pipe(comet);
  }).listen(listenPath);
  await once(server, "listening");
  return {
    address: `unix://${listenPath}`,
    calls,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
