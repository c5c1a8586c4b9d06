import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { Text } from "@galen/ledger/schema/types";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { required } from "./fields.ts";
import { defineRoute } from "./route.ts";
import { MAX_WAITING } from "./turns.ts";

let network: TestNetwork;
let gate: PromiseWithResolvers<void>;
/** What the handlers of the gated route do, the turns of the event loop in which they begin, and whose connections are closed. */
let seen: string[];
let turns: number[];
let gone: string[];
let turn = 0;

const gated = defineRoute({
  method: "GET",
  path: "/gated/:name",
  summary: "Answers when the gate is open.",
  params: { name: required(Text(8)) },
  answers: { 200: "the name" },
  async handle(_backend, { params: { name }, signal }) {
    signal.addEventListener("abort", () => void gone.push(name));
    turns.push(turn);
    seen.push(`${name} begins`);
    await gate.promise;
    seen.push(`${name} ends`);
    return { body: { name } };
  },
});

beforeAll(async () => {
  network = await startTestNetwork({}, { extraRoutes: [gated] });
});
afterAll(() => network.close());
beforeEach(() => {
  [gate, seen, turns, gone] = [Promise.withResolvers(), [], [], []];
});

/** Sends requests for these names in one packet. */
function sendAtOnce(names: readonly string[]): Socket {
  const socket = connect(Number(new URL(network.node.url).port), "127.0.0.1");
  socket.write(names.map((name) => `GET /gated/${name} HTTP/1.1\r\nhost: localhost\r\n\r\n`).join(""));
  return socket;
}

/** Reads so many answers, and hangs up. */
async function answersOf(socket: Socket, count: number): Promise<string[]> {
  let text = "";
  const found = () => [...text.matchAll(/\{"name":"(\w+)"\}/g)].map(([, name]) => name!);
  for await (const chunk of socket.setEncoding("latin1")) {
    text += chunk;
    if (found().length === count) break;
  }
  return found();
}

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

it("begins a request when the one before it on the connection is answered", async () => {
  const socket = sendAtOnce(["first", "second"]);
  await expect.poll(() => seen).toEqual(["first begins"]);
  gate.resolve();
  expect(await answersOf(socket, 2)).toEqual(["first", "second"]);
  expect(seen).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

it("keeps no other connection waiting", async () => {
  const [one, other] = [sendAtOnce(["one"]), sendAtOnce(["other"])];
  await expect.poll(() => seen.toSorted()).toEqual(["one begins", "other begins"]);
  gate.resolve();
  expect([await answersOf(one, 1), await answersOf(other, 1)]).toEqual([["one"], ["other"]]);
});

it("takes a turn of the event loop for each request", async () => {
  gate.resolve();
  const counting = new AbortController();
  const counted = (async () => {
    for (; !counting.signal.aborted; turn++) await setImmediate();
  })();
  expect(await answersOf(sendAtOnce(namesOf(9)), 9)).toEqual(namesOf(9));
  counting.abort();
  await counted;
  expect(new Set(turns).size).toBe(9);
});

it("answers as many as may wait, and closes a connection on which more do", async () => {
  const [fitting, more] = [namesOf(MAX_WAITING + 1), namesOf(MAX_WAITING + 2)];
  const closed = sendAtOnce(more);
  closed.on("error", () => {}); // a reset, if the system tells it so
  await once(closed, "close");
  gate.resolve();
  expect(await answersOf(sendAtOnce(fitting), fitting.length)).toEqual(fitting);
  expect(await answersOf(sendAtOnce(fitting), fitting.length)).toEqual(fitting);
});

it("begins nothing for a client that has gone", async () => {
  const socket = sendAtOnce(["first", "second"]);
  await expect.poll(() => seen).toEqual(["first begins"]);
  socket.destroy();
  await expect.poll(() => gone).toEqual(["first"]);
  gate.resolve();
  await answersOf(sendAtOnce(["third"]), 1);
  expect(seen).toEqual(["first begins", "first ends", "third begins", "third ends"]);
});
