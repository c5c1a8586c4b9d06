import { connect, type Socket } from "node:net";
import { authorisation } from "@galen/sdk/client/authorisation";
import { FRAMES_TYPE, writeFrames } from "@galen/sdk/client/frames";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { createBodyBudget } from "./body-budget.ts";

const MIB = 1_048_576;

it("leaves an address half of what is free, and takes back what has ended", () => {
  const budget = createBodyBudget(8 * MIB);
  const first = budget.take("192.0.2.1", 2 * MIB);
  budget.take("192.0.2.1", 2 * MIB);
  expect(() => budget.take("192.0.2.1", 2 * MIB)).toThrow("api/TooManyBodies");
  budget.take("192.0.2.2", 2 * MIB);
  expect(() => budget.take("192.0.2.2", 2 * MIB)).toThrow("api/TooManyBodies");
  first();
  budget.take("192.0.2.2", 1 * MIB);
});

it("gives as much again to an address of which nothing is left", () => {
  const budget = createBodyBudget(8 * MIB);
  for (let round = 0; round < 3; round++) budget.take("192.0.2.1", 4 * MIB)();
  budget.take("192.0.2.1", 4 * MIB);
});

it("does not count small bodies", () => {
  const budget = createBodyBudget(MIB);
  for (let i = 0; i < 100; i += 1) budget.take("192.0.2.1", 65_536);
  expect(() => budget.take("192.0.2.1", MIB)).toThrow("api/TooManyBodies");
});

describe("a node", () => {
  let network: TestNetwork;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    network = await startTestNetwork();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await network.close();
  });

  /** Opens a request in the name of an account, whose body does not come. Resolves with what the node answers within the time. */
  function announce(header: string, authorised: string, waitMs: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(Number(new URL(network.node.url).port), "127.0.0.1");
    sockets.push(socket);
    socket.write(
      `POST /v1/blobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${FRAMES_TYPE}\r\nauthorization: ${authorised}\r\n${header}\r\n\r\n`,
    );
    socket.once("data", (data) => resolve(data.toString("latin1")));
    setTimeout(() => resolve(""), waitMs).unref();
    return promise;
  }

  it.each([
    ["announced as large as may be", `content-length: ${64 * MIB}`],
    ["that do not say how long they are", "transfer-encoding: chunked"],
  ])("holds few bodies %s before their signatures are known, and serves again when they have gone", async (_, header) => {
    const person = await network.person("person");
    const request = { chainId: "test-network", method: "POST", path: "/v1/blobs", body: new Uint8Array(0) };
    const authorised = await authorisation(network.client, person, request);
    const held = await Promise.all(Array.from({ length: 4 }, () => announce(header, authorised, 200)));
    expect(held).toEqual(["", "", "", ""]);
    const refused = await announce(header, authorised, 30_000);
    expect(refused).toMatch(/^HTTP\/1.1 503 /);
    expect(refused).toMatch(/retry-after: 2\r\n/);
    expect(refused).toContain("api/TooManyBodies");

    async function store(size: number): Promise<number> {
      const body = writeFrames([new Uint8Array(size).fill(7)]);
      const authorization = await authorisation(network.client, person, { ...request, body });
      const headers = { authorization, "content-type": FRAMES_TYPE };
      return (await fetch(`${network.node.url}/v1/blobs`, { method: "POST", headers, body: Uint8Array.from(body) })).status;
    }
    expect(await store(1_000)).toBe(200);
    expect(await store(MIB)).toBe(503);
    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(() => store(MIB), { timeout: 30_000 }).toBe(200);
  });
});
