import { once } from "node:events";
import type { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { eventRoutes } from "./routes/events.ts";
import { createStreamCount, type StreamCount } from "./stream-count.ts";

/** Takes so many places; what gives them back. */
function take(count: StreamCount, address: string, number: number) {
  return Array.from({ length: number }, () => count.take(address));
}

it("refuses an address one too many, leaves places to others, and counts only who listens", () => {
  const count = createStreamCount();
  const [first] = take(count, "192.0.2.1", 125);
  expect(() => count.take("192.0.2.1")).toThrow("api/TooManyStreams");
  count.take("192.0.2.2");
  first!();
  count.take("192.0.2.1");
  expect(() => count.take("192.0.2.1")).toThrow("api/TooManyStreams");
});

it("gives all its places again to an address that has left them", () => {
  const count = createStreamCount();
  for (let round = 0; round < 3; round++) for (const leave of take(count, "192.0.2.1", 125)) leave();
  take(count, "192.0.2.1", 125);
});

it("refuses everybody when all places are taken", () => {
  const count = createStreamCount();
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) take(count, address, 125);
  expect(() => count.take("192.0.2.5")).toThrow("api/TooManyStreams");
});

it("counts a stream from its request on, though nobody reads it, until it is closed", async () => {
  const [route] = eventRoutes;
  const backend = { engine: { status: () => ({ height: 1 }) }, streams: createStreamCount() } as unknown as Backend;
  const { signal } = new AbortController();
  const request = { address: "192.0.2.1", query: { topics: "blocks" }, headers: {}, signal };
  const open = async () => (await route!.handle(backend, request as never)).body as Readable;
  const [first] = await Promise.all(Array.from({ length: 125 }, open));
  await expect(open()).rejects.toThrow("api/TooManyStreams");
  await once(first!.destroy(), "close");
  await open();
  await expect(open()).rejects.toThrow("api/TooManyStreams");
});
