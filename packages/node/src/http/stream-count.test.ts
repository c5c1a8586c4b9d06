import { once } from "node:events";
import type { Readable } from "node:stream";
import { openIndexer } from "@galen/indexer";
import { ann, createChain, NOW } from "@galen/indexer/testing/event-chain";
import { delegated } from "@galen/ledger/modules/accounts/events";
import { testBytes } from "@galen/ledger/testing/chain";
import type { KyselyPlugin } from "kysely";
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

it("counts a personal stream while the read model is waited for, and no longer if that fails", async () => {
  const [route] = eventRoutes;
  const lacking = Promise.withResolvers<void>();
  const index = { caughtUp: () => lacking.promise, height: async () => 0 };
  const backend = { engine: { status: () => ({ height: 1 }) }, streams: createStreamCount(), index } as unknown as Backend;
  const request = { account: ann, address: "192.0.2.1", query: { topics: "releases" }, headers: {} };
  const open = async () => route!.handle(backend, request as never);
  const waiting = Array.from({ length: 125 }, open);
  await expect(open()).rejects.toThrow("api/TooManyStreams");
  lacking.resolve();
  for (const outcome of await Promise.allSettled(waiting)) expect(outcome).toMatchObject({ reason: { kind: { id: "api/PastMissing" } } });
  await expect(open()).rejects.toThrow("api/PastMissing");
});

it("reads one delegation for a stream, however many its account was given", async () => {
  const delegation = { delegate: ann, scopes: ["log.read" as const], ground: "chosen" as const, until: NOW };
  const chain = createChain();
  chain.add(...Array.from({ length: 600 }, (_, place) => delegated({ ...delegation, owner: testBytes(`owner ${place}`) })));
  const indexer = await openIndexer({ path: ":memory:", source: chain });
  await indexer.caughtUp();
  let rowsRead = 0;
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      rowsRead += result.rows.length;
      return result;
    },
  };
  const index = { ...indexer, db: indexer.db.withPlugin(counting) };
  const backend = { engine: { status: () => ({ height: 1 }) }, streams: createStreamCount(), index } as unknown as Backend;
  const request = { account: ann, address: "192.0.2.1", query: { topics: "releases" }, headers: {} };
  const { body } = await eventRoutes[0]!.handle(backend, request as never);
  (body as Readable).destroy();
  expect(rowsRead).toBe(1);
  await indexer.close();
});
