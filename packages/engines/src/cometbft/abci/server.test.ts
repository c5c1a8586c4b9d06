import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeField, encodeVarint, parseFields } from "@galen/ledger/block/protobuf";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "./frames.ts";
import { type Application, type MethodName, methods, type RequestOf } from "./messages.ts";
import { type AbciServer, listenAbci } from "./server.ts";

let folder: string;
let server: AbciServer;
let faults: unknown[] = [];
const sockets: Socket[] = [];

const refuse = () => {
  throw new Error("not expected");
};

const held = Promise.withResolvers<void>();

/** Answers an echo after the milliseconds that it names, so that later ones are ready first, and "held" when a test says so. */
const application = {
  ...Object.fromEntries(Object.keys(methods).map((name) => [name, refuse])),
  flush: () => ({}),
  async echo({ message }: RequestOf<"echo">) {
    await (message === "held" ? held.promise : sleep(Number(message)));
    return { message };
  },
  loadSnapshotChunk: ({ height }: RequestOf<"loadSnapshotChunk">) => ({ chunk: encodeUtf8(height <= 3 ? "held" : "not held")! }),
} as unknown as Application;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-abci-"));
  server = await listenAbci({ path: join(folder, "s"), application: async () => application, onFault: (cause) => faults.push(cause) });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  faults = [];
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function connect(): Promise<Socket> {
  const socket = createConnection(join(folder, "s"));
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

function requestBytes<M extends MethodName>(method: M, value: RequestOf<M>): Uint8Array {
  const { requestTag, request } = methods[method] as { requestTag: number; request: { encode(value: unknown): Uint8Array } };
  return encodeFrame(encodeField(requestTag, 2, request.encode(value)));
}

const echo = (message: string) => requestBytes("echo", { message });
const flush = () => requestBytes("flush", {});

/** The tags and texts of `count` responses. */
async function responses(socket: Socket, count: number): Promise<readonly [tag: number, text: string][]> {
  const reader = createFrameReader(1_000_000);
  const found: [number, string][] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    for (const frame of reader.push(chunk)) {
      const [field] = parseFields(frame);
      found.push([field!.tag, Buffer.from(parseFields(field!.payload)[0]?.payload ?? []).toString()]);
    }
    if (found.length >= count) break;
  }
  return found;
}

describe("a connection", () => {
  it("is answered in the order of its requests, whichever is ready first", async () => {
    const socket = await connect();
    socket.write(Buffer.concat([echo("40"), echo("1"), echo("0"), flush()]));
    expect(await responses(socket, 4)).toEqual([
      [methods.echo.responseTag, "40"],
      [methods.echo.responseTag, "1"],
      [methods.echo.responseTag, "0"],
      [methods.flush.responseTag, ""],
    ]);
  });

  it("is answered without a flush, too", async () => {
    const socket = await connect();
    socket.write(Buffer.concat([echo("5"), echo("0")]));
    expect(await responses(socket, 2)).toEqual([
      [methods.echo.responseTag, "5"],
      [methods.echo.responseTag, "0"],
    ]);
  });

  it("does not wait for another one", async () => {
    const [slow, quick] = [await connect(), await connect()];
    slow.write(Buffer.concat([echo("held"), flush()]));
    quick.write(Buffer.concat([echo("0"), flush()]));
    expect(await responses(quick, 2)).toHaveLength(2);
    held.resolve();
    expect(await responses(slow, 2)).toHaveLength(2);
  });

  it("hears an exception with the reason when the application throws, and ends", async () => {
    const socket = await connect();
    socket.write(Buffer.concat([requestBytes("commit", {}), flush()]));
    expect(await responses(socket, 1)).toEqual([[1, "not expected"]]);
    expect(faults).toMatchObject([{ message: "not expected" }]);
  });

  // CometBFT passes on what any of its peers asks for, unseen: closed for it, it would end, and the node with it (cometbft statesync/reactor.go Receive).
  it.each<[string, bigint, string]>([
    ["that it holds", 3n, "held"],
    ["beyond what is exact", 2n ** 53n, "not held"],
    ["beyond any signed integer", 2n ** 63n, "not held"],
    ["that is the largest there is", 2n ** 64n - 1n, "not held"],
  ])("is answered when a peer asks for a chunk of a height %s", async (_, height, chunk) => {
    const socket = await connect();
    const request = encodeField(1, 0, encodeVarint(height));
    socket.write(encodeFrame(encodeField(methods.loadSnapshotChunk.requestTag, 2, request)));
    expect(await responses(socket, 1)).toEqual([[methods.loadSnapshotChunk.responseTag, chunk]]);
  });

  it.each<[string, readonly number[]]>([
    ["a request without a method", [0]],
    ["an unknown method", [2, 0xaa, 0x01]],
    ["two methods in one", [4, 0x0a, 0, 0x12, 0]],
    ["a number for a message", [2, 0x08, 1]],
    ["a message that is cut short", [3, 0x0a, 5, 1]],
    ["a field of the wrong kind", [4, 0x0a, 2, 0x08, 1]],
    ["an endless length", [0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a block that is none", [4, 0xa2, 0x01, 1, 0xff]],
  ])("is closed at %s, without a word and without harm to others", async (_, bytes) => {
    const socket = await connect();
    socket.write(Uint8Array.from(bytes));
    await once(socket.resume(), "close");
    const other = await connect();
    other.write(Buffer.concat([echo("0"), flush()]));
    expect(await responses(other, 2)).toHaveLength(2);
    expect(faults).toEqual([]);
  });

  it("survives anything", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        const socket = await connect();
        socket.end(noise);
        await once(socket.resume(), "close");
      }),
      { numRuns: 200 },
    );
    expect(faults.every((cause) => (cause as Error).message === "not expected")).toBe(true);
    const socket = await connect();
    socket.write(Buffer.concat([echo("0"), flush()]));
    expect(await responses(socket, 2)).toHaveLength(2);
  });
});
