import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { outsideBytes, outsideData, outsideFiles } from "@galen/ledger/testing/outside-data";
import { authorisation } from "@galen/sdk/client/authorisation";
import { FRAMES_TYPE } from "@galen/sdk/client/frames";
import { buildTransaction } from "@galen/sdk/transactions/build-transaction";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { type Ed25519Key, ed25519Key } from "../keys/ed25519-key.ts";
import { openSecretFile } from "../keys/secret-file.ts";
import { nodeAuthorisation } from "../peers/call-peer.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { routes } from "./routes.ts";

let network: TestNetwork;
let person: OwnAccount;
let validator: Ed25519Key;

beforeAll(async () => {
  network = await startTestNetwork({ requestsPerSecond: 1_000_000, requestBurst: 1_000_000 });
  person = await network.person("person");
  validator = ed25519Key(await openSecretFile(join(network.folder, "keys/validator.json")));
});
afterAll(() => network.close());

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends as it is; with `as`, signed by the person over exactly these bytes. */
async function send({ method = "POST", path, type = "application/json", body = new Uint8Array(0), headers = {} }: Sent, as?: OwnAccount) {
  const signed = as && { authorization: await authorisation(network.client, as, { chainId: "test-network", method, path, body }) };
  const content = method === "GET" ? {} : { body: Uint8Array.from(body) };
  const answer = await fetch(network.node.url + path, { method, headers: { "content-type": type, ...signed, ...headers }, ...content });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await answer.text() };
}

/** Signed by the node's own key, as if it asked itself. */
async function sendAsNode(sent: Sent) {
  const { method = "POST", path, body = new Uint8Array(0) } = sent;
  const identity = { chainId: "test-network", crypto: nativeCrypto, validator, now: Date.now };
  const authorization = nodeAuthorisation(identity, { to: bytesToHex(validator.publicKey), method, path, body });
  return send({ ...sent, headers: { authorization } });
}

/** Refused with a problem that has a stable id and a sentence; never the node's own fault. */
function expectRefused({ status, type, text }: Awaited<ReturnType<typeof send>>, about: string): void {
  expect(status, `${about}: ${text}`).toBeGreaterThanOrEqual(400);
  expect(status, `${about}: ${text}`).toBeLessThan(500);
  expect(type, about).toContain("application/problem+json");
  expect(JSON.parse(text), about).toMatchObject({ type: "about:blank", title: expect.stringMatching(/^[a-z]+\/[A-Z]/), status });
}

async function expectAlive(): Promise<void> {
  expect((await fetch(`${network.node.url}/v1/health`)).status).toBe(200);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));
/** Whatever takes a body, but JSON-RPC, whose refusals are answers of its own. */
const writeRoutes = routes.flatMap(({ method, path, body, auth }) => {
  return method === "POST" && body !== undefined && path.startsWith("/v1/") ? [{ path, type: body.type, auth }] : [];
});

const hash = "ab".repeat(32);
const rows: readonly [name: string, request: Sent, status: number, id: string, isSigned?: boolean][] = [
  ["an unknown address", { method: "GET", path: "/v2/status" }, 404, "api/UnknownRoute"],
  ["a method that is not there", { path: "/v1/status" }, 405, "api/WrongMethod"],
  ["a method that is not there, below a parameter", { method: "DELETE", path: "/v1/blocks/1?x=1" }, 405, "api/WrongMethod"],
  ["a method and an address that are not there", { method: "PUT", path: "/v1/blocks/" }, 404, "api/UnknownRoute"],
  ["an event ahead of the chain", { method: "GET", path: "/v1/events?topics=blocks&after=999999/0" }, 404, "api/HeightNotHeld"],
  ["an event that is none", { method: "GET", path: "/v1/events?topics=blocks&after=7" }, 422, "api/InvalidField"],
  ["a long address", { method: "GET", path: `/v1/state?key=${"a".repeat(9_000)}` }, 414, "api/UrlTooLong"],
  ["a broken escape", { method: "GET", path: "/v1/query/%E0%A4%A" }, 400, "api/BadRequest"],
  ["a parameter twice", { method: "GET", path: "/v1/state?key=a&key=b" }, 422, "api/InvalidField"],
  ["an unknown parameter", { method: "GET", path: "/v1/state?key=a&kez=b" }, 422, "api/UnknownField"],
  ["a missing parameter", { method: "GET", path: "/v1/state" }, 422, "api/InvalidField"],
  ["a prototype as a parameter", { method: "GET", path: "/v1/state?key=a&__proto__=b" }, 422, "api/UnknownField"],
  ["a height beyond the chain", { method: "GET", path: "/v1/state?key=a&height=999999" }, 404, "api/HeightNotHeld"],
  ["no keys to prove", { path: "/v1/state/proofs", body: json({ keys: [] }) }, 422, "api/InvalidField"],
  ["too many keys to prove", { path: "/v1/state/proofs", body: json({ keys: Array(129).fill("a") }) }, 422, "api/InvalidField"],
  ["a key that is none", { path: "/v1/state/proofs", body: json({ keys: ["a", "\u00e4"] }) }, 422, "api/InvalidField"],
  [
    "keys at a height beyond the chain",
    { path: "/v1/state/proofs", body: json({ keys: ["a"], height: 999_999 }) },
    404,
    "api/HeightNotHeld",
  ],
  ["a height that is none", { method: "GET", path: "/v1/headers/-1" }, 422, "api/InvalidField"],
  ["a block beyond the chain", { method: "GET", path: "/v1/blocks/999999" }, 404, "api/HeightNotHeld"],
  ["a hash that is none", { method: "GET", path: "/v1/transactions/xyz" }, 422, "api/InvalidField"],
  ["an unknown transaction", { method: "GET", path: `/v1/transactions/${hash}` }, 404, "api/NotFound"],
  ["a proof of an unknown transaction", { method: "GET", path: `/v1/transactions/${hash}/proof` }, 404, "api/NotFound"],
  ["an unknown query", { method: "GET", path: "/v1/query/constructor" }, 404, "api/NotFound"],
  ["a query with an unknown parameter", { method: "GET", path: "/v1/query/custody.key?toString=1" }, 422, "api/UnknownField"],
  ["a query with a wrong parameter", { method: "GET", path: "/v1/query/custody.key?purpose=x" }, 422, "api/InvalidField"],
  ["an unknown topic", { method: "GET", path: "/v1/events?topics=gossip" }, 422, "api/InvalidField"],
  ["a stranger's releases", { method: "GET", path: "/v1/events?topics=releases" }, 401, "api/Unauthenticated"],
  ["a stranger's proposals", { method: "GET", path: "/v1/events?topics=blocks,proposals" }, 401, "api/Unauthenticated"],
  ["proposals about nothing known", { method: "GET", path: "/v1/proposals?about=x" }, 422, "api/InvalidField"],
  ["proposals of nobody", { method: "GET", path: "/v1/proposals?voter=x" }, 422, "api/InvalidField"],
  ["a stranger's accounts", { method: "GET", path: "/v1/events?topics=accounts" }, 401, "api/Unauthenticated"],
  ["a guardian who does not sign", { method: "GET", path: "/v1/guardianships" }, 401, "api/Unauthenticated"],
  ["delegations from both sides", { method: "GET", path: `/v1/delegations?owner=${hash}&delegate=${hash}` }, 422, "api/InvalidField", true],
  ["a stranger's delegations", { method: "GET", path: `/v1/delegations?owner=${hash}` }, 403, "api/Forbidden", true],
  ["accounts of no key", { method: "GET", path: "/v1/accounts" }, 422, "api/InvalidField"],
  ["accounts of half a key", { method: "GET", path: `/v1/accounts?key=${hash.slice(2)}` }, 422, "api/InvalidField"],
  ["accounts of a key in capitals", { method: "GET", path: `/v1/accounts?key=${hash.toUpperCase()}` }, 422, "api/InvalidField"],
  ["accounts of a key and more", { method: "GET", path: `/v1/accounts?key=${hash}0000` }, 422, "api/InvalidField"],
  ["accounts of two keys", { method: "GET", path: `/v1/accounts?key=${hash}&key=${hash}` }, 422, "api/InvalidField"],
  ["accounts of a key, and a limit", { method: "GET", path: `/v1/accounts?key=${hash}&limit=1` }, 422, "api/UnknownField"],
  ["an unsigned blob", { path: "/v1/blobs", type: FRAMES_TYPE, body: new Uint8Array(5) }, 401, "api/Unauthenticated"],
  ["a signature that is none", { path: "/v1/blobs", type: FRAMES_TYPE, headers: { authorization: "Galen x" } }, 401, "api/Unauthenticated"],
  ["a wrong content type", { path: "/v1/transactions", type: "text/plain", body: bytes("x") }, 415, "api/WrongContentType"],
  ["a large transaction", { path: "/v1/transactions", type: "application/cbor", body: new Uint8Array(70_000) }, 413, "api/BodyTooLarge"],
  ["no transaction", { path: "/v1/transactions", type: "application/cbor" }, 400, "tx/Malformed"],
  ["half a frame", { path: "/v1/blobs", type: FRAMES_TYPE, body: Uint8Array.of(0, 0, 0, 9, 1) }, 400, "api/MalformedFrames", true],
  ["no frame", { path: "/v1/blobs", type: FRAMES_TYPE }, 400, "api/MalformedFrames", true],
  ["an empty blob", { path: "/v1/blobs", type: FRAMES_TYPE, body: new Uint8Array(4) }, 422, "blobs/Empty", true],
  [
    "a field too many",
    { path: "/v1/custody/shares", body: json({ releaseId: hash, height: 1, __proto__x: 1 }) },
    422,
    "api/UnknownField",
    true,
  ],
  [
    "a prototype as a field",
    { path: "/v1/custody/shares", body: bytes(`{"releaseId":"${hash}","__proto__":{}}`) },
    422,
    "api/UnknownField",
    true,
  ],
  ["half a JSON value", { path: "/v1/custody/shares", body: bytes("{") }, 400, "api/MalformedJson", true],
  ["a list for an object", { path: "/v1/custody/shares", body: json([]) }, 400, "api/MalformedJson", true],
  ["a field too few", { path: "/v1/custody/shares", body: json({}) }, 422, "api/InvalidField", true],
  ["shares without a release", { path: "/v1/custody/shares", body: json({ releaseId: hash, height: 1 }) }, 403, "custody/NoRelease", true],
  [
    "too many objects",
    { path: "/v1/objects/fetch", body: json({ objectIds: Array(257).fill(hash), parts: ["ciphertext"] }) },
    422,
    "api/InvalidField",
    true,
  ],
  [
    "an unknown object",
    { path: "/v1/objects/fetch", body: json({ objectIds: [hash], parts: ["ciphertext"] }) },
    403,
    "api/Forbidden",
    true,
  ],
  ["too long a list", { method: "GET", path: `/v1/records?owner=${hash}&limit=501` }, 422, "api/InvalidField", true],
  ["another's list", { method: "GET", path: `/v1/records?owner=${hash}` }, 403, "api/Forbidden", true],
];

it.each(rows)("refuses %s", async (name, request, status, id, isSigned = false) => {
  const answer = await send(request, isSigned ? person : undefined);
  expectRefused(answer, name);
  expect({ status: answer.status, id: JSON.parse(answer.text).title }).toEqual({ status, id });
});

it.each([
  ["a statement about blocks backwards", "/v1/peers/history/statement", { from: 2, to: 1 }, "api/InvalidField"],
  ["a statement about too many blocks", "/v1/peers/history/statement", { from: 1, to: 1_000 }, "api/InvalidField"],
  ["a statement about blocks to come", "/v1/peers/history/statement", { from: 999_998, to: 999_999 }, "api/HeightNotHeld"],
  ["blocks to come", "/v1/peers/history", { to: 999_999 }, "api/HeightNotHeld"],
  ["a height that is a text", "/v1/peers/history", { to: "1" }, "api/InvalidField"],
])("refuses another node %s", async (name, path, body, id) => {
  const answer = await sendAsNode({ path, body: json(body) });
  expectRefused(answer, name);
  expect(JSON.parse(answer.text).title).toBe(id);
});

it("names the methods that an address takes", async () => {
  const answer = await fetch(`${network.node.url}/v1/status`, { method: "PUT" });
  expect(answer.headers.get("allow")).toBe("GET, HEAD");
});

describe("a signed request", () => {
  const path = "/v1/custody/shares";
  const body = json({ releaseId: hash, height: 1 });
  const header = (changes: { body?: Uint8Array; at?: number; chainId?: string } = {}) => {
    const client = { ...network.client, now: () => changes.at ?? Date.now() };
    return authorisation(client, person, { chainId: changes.chainId ?? "test-network", method: "POST", path, body: changes.body ?? body });
  };

  it("counts once", async () => {
    const authorization = await header();
    expect((await send({ path, body, headers: { authorization } })).status).toBe(403);
    const again = await send({ path, body, headers: { authorization } });
    expect(JSON.parse(again.text)).toMatchObject({ title: "api/Unauthenticated", details: { reason: "replayed" } });
  });

  it.each([
    ["another body", () => header({ body: json({ releaseId: "cd".repeat(32) }) }), "signature"],
    ["another network", () => header({ chainId: "elsewhere" }), "signature"],
    ["yesterday", () => header({ at: Date.now() - 86_400_000 }), "clock"],
    ["tomorrow", () => header({ at: Date.now() + 86_400_000 }), "clock"],
    ["a stranger's account", async () => (await header()).replace(/account="[0-9a-f]+"/, `account="${hash}"`), "key"],
  ])("is refused when it was made for %s", async (_, make, reason) => {
    const answer = await send({ path, body, headers: { authorization: await make() } });
    expect(JSON.parse(answer.text)).toMatchObject({ title: "api/Unauthenticated", details: { reason } });
  });
});

const files = outsideFiles("bad-inputs/json-parsing").concat(outsideFiles("bad-inputs/json-transform"));

describe.skipIf(files.length === 0)(`${files.length} files of difficult JSON`, () => {
  it.each(writeRoutes)("are refused as the body of $path", async ({ path, type, auth }) => {
    for (const file of files) {
      const sent = { path, type, body: outsideBytes(file)! };
      const answer = await (auth === "node" ? sendAsNode(sent) : send(sent, person));
      expectRefused(answer, file);
      expect(answer.status, `${file} never got so far`).not.toBe(401);
    }
    await expectAlive();
  });
});

const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json") ?? [];

describe.skipIf(naughty.length === 0)(`${naughty.length} naughty strings`, () => {
  it("are refused in fields", async () => {
    for (const text of naughty) {
      expectRefused(await send({ path: "/v1/custody/shares", body: json({ releaseId: text }) }, person), text);
      expectRefused(await send({ path: "/v1/custody/shares", body: json({ [text]: hash, releaseId: hash }) }, person), text);
    }
    await expectAlive();
  });

  it("do no harm in addresses", async () => {
    for (const text of naughty) {
      const part = encodeURIComponent(text.toWellFormed());
      for (const path of [`/v1/query/${part}`, `/v1/query/custody.key?purpose=${part}`, `/v1/query/custody.key?${part}=x`]) {
        const answer = await send({ method: "GET", path });
        expect(answer.status, path).toBeLessThan(500);
        expect(answer.status, path).toBeGreaterThanOrEqual(400);
      }
      expect((await send({ method: "GET", path: `/v1/state?key=${part}` })).status, text).toBeLessThan(500);
    }
    await expectAlive();
  });
});

it("refuses every altered transaction", async () => {
  const { bytes: good } = await buildTransaction(network.client, { actors: [person], messages: [person.creation] });
  const altered = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.constantFrom("flip", "cut", "insert", "append"));
  await fc.assert(
    fc.asyncProperty(altered, async ([at, byte, kind]) => {
      const body = alter(good, at, byte, kind);
      expectRefused(await send({ path: "/v1/transactions", type: "application/cbor", body }), `${kind} at ${at}`);
    }),
    { numRuns: 400 },
  );
  await expectAlive();
});

function alter(good: Uint8Array, at: number, byte: number, kind: string): Uint8Array {
  if (kind === "cut") return good.slice(0, at);
  if (kind === "insert") return Uint8Array.of(...good.slice(0, at), byte, ...good.slice(at));
  if (kind === "append") return Uint8Array.of(...good, byte);
  return good.map((one, i) => (i === at ? one ^ byte : one));
}

describe("over a bare socket", () => {
  it.each([
    ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00", 400],
    ["a header without an end", `GET /v1/status HTTP/1.1\r\nx: ${"a".repeat(20_000)}\r\n\r\n`, 414],
    ["two lengths", "POST /v1/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx", 400],
    ["length and chunks", "POST /v1/blobs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx", 400],
    [
      "a huge length",
      "POST /v1/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/cbor\r\ncontent-length: 999999999999\r\n\r\n",
      413,
    ],
    ["random bytes", randomBytes(512).toString("latin1"), 400],
  ])("answers %s with a refusal", async (_, text, status) => {
    const answer = await exchange(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("application/problem+json");
    await expectAlive();
  });
});

function exchange(text: string): Promise<string> {
  const { port } = new URL(network.node.url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let received = "";
  const socket = connect(Number(port), "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
  socket.setTimeout(30_000, () => socket.destroy(new Error("no answer")));
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    if (received.includes("\r\n\r\n")) socket.end();
  });
  socket.on("close", () => resolve(received));
  socket.on("error", reject);
  return promise;
}
