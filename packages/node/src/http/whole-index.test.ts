import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Indexer } from "@galen/indexer";
import { authorisation } from "@galen/sdk/client/authorisation";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openLevelStore } from "../store/level-store.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { wholeIndex } from "./whole-index.ts";

/** What a node stores of the results of block 2, which no peer of this one can give back. */
const RESULTS = Buffer.from("br\0\0\0\0\0\0\0\x02", "latin1");

let network: TestNetwork;
let person: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  person = await network.person("person");
  await network.person("another");
});
afterAll(() => network.close());

/** Changes the results of block 2 while the node is stopped, and lets it build its lists again; gives what was there. */
async function restartWith(results: Uint8Array | undefined): Promise<Uint8Array | undefined> {
  await network.node.stop();
  const kv = await openLevelStore(join(network.folder, "ledger"));
  const before = kv.get(RESULTS);
  await kv.write([{ key: RESULTS, value: results }]);
  await kv.close();
  await rm(join(network.folder, "index.sqlite"));
  await network.restart();
  return before;
}

/** What the node answers the person; of a stream, its beginning. */
async function ask(path: string) {
  const request = { chainId: "test-network", method: "GET", path, body: new Uint8Array(0) };
  const hangUp = new AbortController();
  const headers = { authorization: await authorisation(network.client, person, request) };
  const answer = await fetch(network.node.url + path, { headers, signal: hangUp.signal });
  const problem = answer.ok ? undefined : ((await answer.json()) as { readonly title: string; readonly details: object });
  hangUp.abort();
  return { status: answer.status, title: problem?.title, details: problem?.details };
}

describe("a node that lacks a block of the past", () => {
  let results: Uint8Array | undefined;
  beforeAll(async () => {
    results = await restartWith(undefined);
  });

  const lists = () => [
    `/v1/records?owner=${person.account}`,
    `/v1/grants?reader=${person.account}`,
    `/v1/accounts?key=${person.creation.value.keys[0]!.publicKey}`,
    `/v1/release-counts?by=purpose&from=${Date.now() - 60_000}&step=60000`,
    "/v1/proposals",
    "/v1/events?topics=releases",
  ];

  it("says so instead of leaving out of lists what happened since, and tells whatever else it has", async () => {
    const { height } = network.node.engine.status();
    for (const path of lists()) {
      const details = { height, indexedHeight: 1, retryAfterMs: expect.any(Number) };
      expect(await ask(path), path).toEqual({ status: 503, title: "api/PastMissing", details });
    }
    for (const path of ["/v1/status", "/v1/events?topics=blocks"]) expect((await ask(path)).status, path).toBe(200);
  });

  it("lists everything when it has the block", async () => {
    await restartWith(results);
    for (const path of lists()) expect((await ask(path)).status, path).toBe(200);
  });
});

it("does not keep whoever asks waiting while a long past is read", async () => {
  vi.useFakeTimers();
  try {
    const index = { caughtUp: () => new Promise<void>(() => {}), height: async () => 7 };
    const asked = wholeIndex({ engine: network.node.engine, index: index as unknown as Indexer });
    const told = expect(asked).rejects.toMatchObject({ kind: { id: "api/PastMissing" }, details: { indexedHeight: 7 } });
    await vi.advanceTimersByTimeAsync(5_000);
    await told;
  } finally {
    vi.useRealTimers();
  }
});

it("says that it cannot be written, and asks again each time, for room may have been made", async () => {
  const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  const outcomes = [Promise.reject(full), Promise.resolve()];
  const index = { caughtUp: () => outcomes.shift(), height: async () => network.node.engine.status().height } as unknown as Indexer;
  const parts = { engine: network.node.engine, index };
  await expect(wholeIndex(parts)).rejects.toMatchObject({ kind: { id: "api/ListsFailed", status: 507 } });
  expect(await wholeIndex(parts)).toBe(index);
});
