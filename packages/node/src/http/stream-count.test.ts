import { expect, it } from "vitest";
import { createStreamCount, type StreamCount } from "./stream-count.ts";

async function* endless() {
  for (;;) yield "event";
}

/** Streams to which somebody listens. */
async function open(count: StreamCount, address: string, number: number) {
  const streams = Array.from({ length: number }, () => count.counted(address, endless()));
  for (const stream of streams) await stream.next();
  return streams;
}

it("refuses an address one too many, leaves places to others, and counts only who listens", async () => {
  const count = createStreamCount();
  const [first] = await open(count, "192.0.2.1", 125);
  expect(() => count.counted("192.0.2.1", endless())).toThrow("api/TooManyStreams");
  await open(count, "192.0.2.2", 1);
  await first!.return(undefined);
  await open(count, "192.0.2.1", 1);
  expect(() => count.counted("192.0.2.1", endless())).toThrow("api/TooManyStreams");
});

it("gives all its places again to an address that has left them", async () => {
  const count = createStreamCount();
  for (let round = 0; round < 3; round++) for (const stream of await open(count, "192.0.2.1", 125)) await stream.return(undefined);
  await open(count, "192.0.2.1", 124);
  await open(count, "192.0.2.1", 1);
});

it("refuses everybody when all places are taken", async () => {
  const count = createStreamCount();
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) await open(count, address, 125);
  expect(() => count.counted("192.0.2.5", endless())).toThrow("api/TooManyStreams");
});
