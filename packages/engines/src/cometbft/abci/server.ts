import { rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { createFrameReader, encodeFrame } from "./frames.ts";
import type { Application } from "./messages.ts";
import { type AbciRequest, decodeRequest, encodeException, encodeResponse } from "./requests.ts";

/** The largest request is a block of 16 MiB, the chain's highest limit, with the votes and evidence around it. */
const MAX_REQUEST_BYTES = 67_108_864;
/** Answers of one turn of the event loop go out together, at the latest at this size. */
const CORK_BYTES = 65_536;

export interface AbciServerOptions {
  /** Path of the unix-domain socket; what lies there is replaced. */
  readonly path: string;
  /** Who answers; asked anew for each call. */
  readonly application: () => Promise<Application>;
  /** Hears what the application threw; the connection is ended with an Exception. */
  readonly onFault: (cause: unknown) => void;
}

/** A server that CometBFT dials four times: queries, snapshots, mempool, consensus. */
export interface AbciServer {
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Listens on the socket. Anybody who may open it can drive the application: it belongs into a folder of the owner's alone. */
export async function listenAbci({ path, application, onFault }: AbciServerOptions): Promise<AbciServer> {
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, application, onFault);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Answers one connection in the order of its requests, without waiting for a Flush: CometBFT sends checks whenever its buffer is full, and a Flush
 * a little later. Work begins when a request arrives, so that checks of many transactions run side by side.
 * Reading never pauses: CometBFT keeps at most 256 requests under way, and a server that stops reading while it writes can lock both up.
 */
function serve(socket: Socket, application: AbciServerOptions["application"], onFault: (cause: unknown) => void): void {
  const reader = createFrameReader(MAX_REQUEST_BYTES);
  let corked: Uint8Array[] = [];
  let corkedBytes = 0;
  let answered: Promise<void> = Promise.resolve();

  function uncork(): void {
    if (corked.length === 0 || socket.destroyed) return;
    socket.write(concatBytes(corked));
    corked = [];
    corkedBytes = 0;
  }

  function send(response: Uint8Array, isLast: boolean): void {
    if (corked.length === 0) setImmediate(uncork);
    corked.push(encodeFrame(response));
    corkedBytes += response.length;
    if (isLast || corkedBytes >= CORK_BYTES) uncork();
  }

  function accept(request: AbciRequest): void {
    const { method } = request;
    const answer = application().then((serving) => answerOf(serving, request));
    answer.catch(() => {}); // heard below, in its turn
    answered = answered
      .then(async () => send(encodeResponse(method, await answer), method === "flush"))
      .catch((cause: unknown) => {
        if (socket.destroyed) return;
        send(encodeException(cause instanceof Error ? cause.message : String(cause)), true);
        socket.destroySoon();
        onFault(cause);
      });
  }

  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    try {
      // Not as a Buffer, whose slices are no copies.
      for (const frame of reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))) accept(decodeRequest(frame));
    } catch (error) {
      socket.destroy(); // whoever speaks like this is not CometBFT
      if (!(error instanceof SchemaError)) throw error;
    }
  });
}

async function answerOf(application: Application, { method, value }: AbciRequest) {
  return (application[method] as (request: typeof value) => Awaited<ReturnType<Application[typeof method]>>)(value);
}
