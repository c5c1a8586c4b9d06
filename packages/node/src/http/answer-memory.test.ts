import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { defineRoute } from "./route.ts";

const MIB = 1_048_576;
/** Of 512 MiB an address holds no more than is left. */
const HELD_AT_ONCE = 4;
/** One for all requests: it is the node that has to count as if each had its own. */
const body = Buffer.alloc(64 * MIB, 0x20);

let network: TestNetwork;
let gate = Promise.resolve();
/** Of the present test: requests whose handler has begun, and those of them whose client has gone. */
let seen: { begun: number; gone: number };
const sockets: Socket[] = [];

const large = defineRoute({
  method: "GET",
  path: "/large",
  summary: "Answers at length when the gate is open.",
  answers: { 200: "spaces" },
  async handle(_backend, { signal }) {
    const counted = seen;
    signal.addEventListener("abort", () => (counted.gone += 1));
    counted.begun += 1;
    await gate;
    return { type: "text/plain", body };
  },
});

beforeAll(async () => {
  network = await startTestNetwork({}, { extraRoutes: [large] });
});
beforeEach(() => {
  seen = { begun: 0, gone: 0 };
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => network.close());

/** Asks at length, and does not read. */
function ask(): Socket {
  const socket = connect(Number(new URL(network.node.url).port), "127.0.0.1").pause();
  sockets.push(socket);
  socket.write("GET /large HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  return socket;
}

async function statusOf(path: string): Promise<number> {
  const answer = await fetch(network.node.url + path);
  await answer.body?.cancel();
  return answer.status;
}

it("is taken by answers that nobody reads, and given back when they are read or their clients have gone", async () => {
  const unread = Array.from({ length: HELD_AT_ONCE }, ask);
  await expect.poll(() => seen.begun).toBe(HELD_AT_ONCE);
  const refused = await text(ask());
  expect(refused).toMatch(/^HTTP\/1.1 503 /);
  expect(refused).toMatch(/retry-after: 2\r\n/);
  expect(refused).toContain("api/TooManyBodies");
  expect(await statusOf("/v1/status")).toBe(200);

  let read = 0;
  for await (const piece of unread[0]!) read += piece.length;
  expect(read).toBeGreaterThan(body.length);
  expect(await statusOf("/large")).toBe(200);
  for (const socket of unread) socket.destroy();
  await expect.poll(() => statusOf("/large")).toBe(200);
});

it("is not taken for a client that has gone before its answer was there", async () => {
  const opened = Promise.withResolvers<void>();
  gate = opened.promise;
  const leaving = Array.from({ length: HELD_AT_ONCE }, ask);
  await expect.poll(() => seen.begun).toBe(HELD_AT_ONCE);
  for (const socket of leaving) socket.destroy();
  await expect.poll(() => seen.gone).toBe(HELD_AT_ONCE);
  opened.resolve();
  expect(await statusOf("/large")).toBe(200);
});
