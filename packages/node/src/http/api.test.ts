import { bytesToHex } from "@galen/ledger/crypto/hex";
import { decodeEnvelope, encodeTransaction } from "@galen/ledger/tx/transaction";
import { afterHeight } from "@galen/sdk/client/subscribe";
import { buildTransaction } from "@galen/sdk/transactions/build-transaction";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit, submitSigned } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { hearEvents as hear, type SentEvent } from "../testing/hear-events.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { HEARTBEAT_MS } from "./event-stream.ts";
import { routes } from "./routes.ts";

let network: TestNetwork;
let person: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  person = await network.person("person");
});
afterAll(() => network.close());

async function get(path: string) {
  const answer = await fetch(network.node.url + path);
  return { status: answer.status, text: await answer.text() };
}

const getJson = async (path: string) => JSON.parse((await get(path)).text);

/** Something to write: a member of the hospital. */
function addMember() {
  const value = { organisation: network.hospital.account, member: person.account, roles: ["nurse"] };
  return submit(network.client, { actors: [network.hospital], messages: [{ type: "accounts.setMember", value }] });
}

describe("the description", () => {
  it("lists every route, message, query and refusal", async () => {
    const { openapi, paths, components, "x-refusals": refusals } = await getJson("/v1/openapi.json");
    expect(openapi).toBe("3.1.0");
    for (const { path, method } of routes) expect(paths[path.replace(/:(\w+)/g, "{$1}")]).toHaveProperty(method.toLowerCase());
    const { version } = network.node.ledger;
    for (const type of version.messages.keys()) expect(components.schemas).toHaveProperty([type]);
    for (const name of version.queries.keys()) expect(paths).toHaveProperty([`/v1/query/${name}`, "get"]);
    expect(refusals.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(["vault/NotOwner", "api/Forbidden", "tx/Replayed"]),
    );
  });

  it("refers only to what it holds", async () => {
    const document = await getJson("/v1/openapi.json");
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!.split("/"));
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) expect(document).toHaveProperty(path);
  });
});

describe("metrics", () => {
  it("count blocks, transactions and requests, and name nobody", async () => {
    await addMember();
    const { text } = await get("/metrics");
    expect(text).toMatch(/^galen_height \d+$/m);
    expect(text).toMatch(/^galen_indexed_height [1-9]\d*$/m);
    expect(text).toMatch(/^galen_transactions_total\{result="executed"\} [1-9]/m);
    expect(text).toMatch(/^galen_commit_seconds_count [1-9]/m);
    expect(text).toMatch(/^galen_http_seconds_count\{route="\/v1\/transactions",method="POST",status="200"\} [1-9]/m);
    expect(text).not.toMatch(/[0-9a-f]{32}/);
  });
});

describe("a transaction", () => {
  it("is found by its hash with its block and proof", async () => {
    const { txHash, height } = await addMember();
    const found = await getJson(`/v1/transactions/${txHash}`);
    expect(found).toMatchObject({ txHash, height, code: 0, refusal: null });
    expect(await getJson(`/v1/blocks/${height}`)).toMatchObject({ height, txHashes: expect.arrayContaining([txHash]) });
    const proof = await getJson(`/v1/transactions/${txHash}/proof`);
    expect(proof.nextSignedHeader.header.height).toBe(String(height + 1));
  });
});

describe("a transaction whose signatures somebody put into another order", () => {
  /** One that two have to sign, and its other form. */
  async function twoForms() {
    const value = { organisation: network.hospital.account, member: person.account, roles: ["nurse"] };
    const options = { actors: [network.hospital, person], messages: [{ type: "accounts.setMember", value }] };
    const own = await buildTransaction(network.client, options);
    const envelope = decodeEnvelope(own.bytes);
    const bytes = Uint8Array.from(encodeTransaction({ ...envelope, signatures: envelope.signatures.toReversed() }));
    return { own, other: { ...own, bytes, txHash: bytesToHex(nativeCrypto.sha256(bytes)) } };
  }

  it("has one outcome, which whoever made it is told as well, also one who believes proofs alone", async () => {
    const { own, other } = await twoForms();
    const executed = await submitSigned(network.client, other);
    expect(executed.txHash).toBe(other.txHash);
    expect(await submitSigned(network.client, own)).toEqual(executed);
    expect(await submitSigned(await network.trusting(), own)).toEqual(executed);
    expect((await get(`/v1/transactions/${own.txHash}`)).status).toBe(404);
  });

  it("has it also while the other form waits for its block", async () => {
    const { own, other } = await twoForms();
    const outcomes = await Promise.all([other, own].map((form) => submitSigned(network.client, form)));
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it("is refused when the same bytes come again", async () => {
    const { own } = await twoForms();
    await submitSigned(network.client, own);
    const again = await fetch(`${network.node.url}/v1/transactions`, {
      method: "POST",
      headers: { "content-type": "application/cbor" },
      body: own.bytes,
    });
    expect(await again.json()).toMatchObject({ title: "tx/Replayed", txHash: own.txHash });
  });
});

it("names with every answer a height that nothing in it is older than, to hear of everything after it", async () => {
  const { height } = await addMember();
  const isTold = (events: readonly SentEvent[]) => events.some(({ name }) => name === "transaction");
  const answer = await fetch(`${network.node.url}/v1/proposals`);
  const known = Number(answer.headers.get("galen-height"));
  expect([known, ((await answer.json()) as { height: number }).height]).toEqual([height, height]);
  const later = await addMember();
  const [heard] = await hear(network, `/v1/events?topics=transactions&after=${afterHeight(known)}`, {}, isTold);
  expect(heard).toMatchObject({ data: { txHash: later.txHash } });
});

it("finds an account by its key, until it has another one", async () => {
  const [mover, other] = [await network.person("mover"), await network.person("other")];
  const keyOf = ({ creation }: OwnAccount) => creation.value.keys[0]!.publicKey;
  const holders = async (key: string) => {
    const { height, items } = await getJson(`/v1/accounts?key=${key}`);
    expect(height).toBeGreaterThan(0);
    return items;
  };
  expect(await holders(keyOf(mover))).toEqual([{ account: mover.account }]);
  const { keys, threshold, recordKey } = other.creation.value;
  const value = { account: mover.account, keys, threshold, recordKey };
  await submit(network.client, { actors: [mover], messages: [{ type: "accounts.rotateKeys", value }] });
  expect(await holders(keyOf(mover))).toEqual([]);
  expect(await holders(keyOf(other))).toEqual([{ account: other.account }, { account: mover.account }]);
});

it("tells of no change of the validator set while there was none", async () => {
  expect(await getJson("/v1/validator-sets")).toMatchObject({ height: expect.any(Number), items: [], next: null });
});

it("counts requests over time, in stretches that are not too many", async () => {
  const from = Date.now() - 86_400_000;
  expect(await getJson(`/v1/release-counts?by=purpose&from=${from}&step=3600000`)).toMatchObject({
    height: expect.any(Number),
    items: expect.any(Array),
  });
  expect(await getJson(`/v1/release-counts?by=purpose&from=${from}&step=60000`)).toMatchObject({ title: "api/InvalidField" });
  expect(await getJson(`/v1/release-counts?by=patient&from=${from}&step=3600000`)).toMatchObject({ title: "api/InvalidField" });
});

it("sends whoever would wait for too many counts away for a while", async () => {
  const { engine } = network.node;
  const index = { caughtUp: async () => {}, height: async () => engine.status().height, countReleases: () => undefined };
  const counts = routes.find(({ path }) => path === "/v1/release-counts")!;
  const query = { by: "purpose", from: Date.now(), step: 60_000 };
  const counting = counts.handle({ engine, index, now: Date.now } as unknown as Backend, { query } as never);
  await expect(counting).rejects.toMatchObject({ kind: { id: "api/TooManyCounts" }, details: { retryAfterMs: expect.any(Number) } });
});

it("tells that a node has no custodian", async () => {
  const without = await startTestNetwork({ custodian: "off" });
  for (const path of ["/v1/custodian", "/v1/custodian/log"]) {
    expect(await (await fetch(without.node.url + path)).json(), path).toMatchObject({ title: "api/NoCustodian", status: 404 });
  }
  await without.close();
});

describe("events", () => {
  it("tell of a transaction and its block when they are durable, not with the next sign of life", async () => {
    const open = Promise.withResolvers<void>();
    const isTold = (events: readonly SentEvent[]) => events.some(({ name }) => name === "transaction");
    const heard = hear(network, "/v1/events?topics=blocks,transactions", {}, isTold, open.resolve);
    await open.promise;
    const sentAt = Date.now();
    const { txHash, height } = await addMember();
    const events = await heard;
    expect(Date.now() - sentAt).toBeLessThan(HEARTBEAT_MS - 1_000);
    expect(events).toContainEqual(expect.objectContaining({ name: "block", data: expect.objectContaining({ height, txs: 1 }) }));
    expect(events.at(-1)).toMatchObject({ id: `${height}/1`, data: { txHash, height, index: 0, code: 0 } });
  });

  it("resume where a client left", async () => {
    const first = await addMember();
    const second = await addMember();
    const isBoth = (events: readonly SentEvent[]) => events.some(({ data }) => data.txHash === second.txHash);
    const events = await hear(network, "/v1/events?topics=transactions", { "last-event-id": `${first.height}/1` }, isBoth);
    expect(events.map(({ data }) => data.txHash)).toEqual([second.txHash]);
    const all = await hear(network, "/v1/events?topics=transactions", { "last-event-id": `${first.height}/0` }, isBoth);
    expect(all.map(({ data }) => data.txHash)).toEqual([first.txHash, second.txHash]);
    // As an EventSource does, which keeps the address that it began with.
    const address = `/v1/events?topics=transactions&after=${first.height}/0`;
    const again = await hear(network, address, { "last-event-id": `${first.height}/1` }, isBoth);
    expect(again.map(({ data }) => data.txHash)).toEqual([second.txHash]);
  });

  it("end when the node stops", async () => {
    const other = await startTestNetwork({ stopTimeoutMs: 600_000 }); // a stream that went on would keep this test as long
    const answer = await fetch(`${other.node.url}/v1/events?topics=blocks`);
    await Promise.all([answer.text(), other.close()]);
  });
});

it("asks a client that is too quick to wait", async () => {
  const other = await startTestNetwork({ requestsPerSecond: 1, requestBurst: 1 });
  const [first, second] = [await fetch(`${other.node.url}/v1/health`), await fetch(`${other.node.url}/v1/health`)];
  expect([first.status, second.status]).toEqual([200, 429]);
  expect(second.headers.get("retry-after")).toBe("1");
  await other.close();
});
