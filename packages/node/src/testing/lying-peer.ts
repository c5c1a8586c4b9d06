import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server in the place of a node. It reports what it is told to, and answers everything else as `answer` does. */
export interface LyingPeer {
  readonly url: string;
  /** Requests that came, with their headers, besides those for the report. */
  readonly heard: { readonly path: string; readonly authorization: string; readonly body: Buffer }[];
  /** How it answers from now on. */
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  /** What it says of itself. */
  report: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Starts it on a port of its own. */
export async function startLyingPeer(): Promise<LyingPeer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (request.url === "/v1/peers") return void response.end(JSON.stringify(peer.report));
      peer.heard.push({ path: request.url!, authorization: request.headers.authorization ?? "", body });
      peer.answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const peer: LyingPeer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: [],
    answer: (_request, response) => void response.writeHead(500).end(),
    report: {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;
}
