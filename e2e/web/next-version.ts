import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A server before a node, which can bring out another version of the app. */
export interface NextVersion {
  readonly url: string;
  /** From now on browsers find a worker with another fingerprint. */
  bringOut(): void;
  close(): Promise<void>;
}

const WORKER = "/offline-worker.js";
/** So that the worker comes whole, and as text. */
const UNSENT: readonly string[] = ["host", "accept-encoding", "if-none-match"];

/** Hands everything on to the node and back as it is, but for the offline worker after `bringOut`. */
export async function serveNextVersion(nodeUrl: string): Promise<NextVersion> {
  let isOut = false;
  const server = createServer((incoming, outgoing) => {
    const { url, method, headers } = incoming;
    const asking = request(nodeUrl + url, { method, headers: sentOn(headers) }, (answer) => {
      if (isOut && url === WORKER) void changeWorker(answer, outgoing);
      else answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers));
    });
    // Either side may hang up.
    asking.on("error", () => outgoing.destroy());
    outgoing.once("close", () => asking.destroy());
    incoming.pipe(asking);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bringOut() {
      isOut = true;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function changeWorker(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const changed = (await text(answer)).replace(/"fingerprint":"./, '"fingerprint":"_');
  outgoing.writeHead(200, { "content-type": answer.headers["content-type"] }).end(changed);
}

function sentOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !UNSENT.includes(name)));
}
