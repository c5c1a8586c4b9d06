import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { requestBytes as signedBytes } from "@galen/ledger/tx/request-authorisation";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { createEd25519Signer } from "../keys/signer.ts";
import type { Actor } from "./actor.ts";
import { type Client, createClient } from "./client.ts";
import { requestShares } from "./request-shares.ts";
import { type NodeRequest, requestBytes, requestJson } from "./send-request.ts";
import { problem } from "./testing/fake-node.ts";

const pauses: number[] = [];
beforeEach(() => {
  pauses.length = 0;
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => {
    pauses.push(ms);
    queueMicrotask(run);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

type Reply = () => Response | Promise<Response>;

/** A client of a node that gives these replies in turn, and what it was asked. */
function nodeThatReplies(...replies: readonly Reply[]) {
  const asked: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(new Request(input, init));
    const reply = replies[asked.length - 1] ?? replies.at(-1)!;
    return reply();
  };
  return { asked, client: createClient({ url: "http://node.test/", chainId: "test", fetch, now: () => 1_700_000_000_000 }) };
}

const ok: Reply = () => Response.json({ fine: true });
const broken: Reply = () => {
  throw new TypeError("fetch failed");
};
const late: Reply = () => {
  throw new DOMException("late", "TimeoutError");
};
const busy =
  (status: number, retryAfterMs?: number): Reply =>
  () =>
    problem({ id: "api/Busy", status, sentence: "busy", details: retryAfterMs === undefined ? {} : { retryAfterMs } });

const request: NodeRequest = { path: "/v1/status" };
const MIB = 1_048_576;

async function someActor(): Promise<Actor> {
  return { account: "ab".repeat(32), signers: [await createEd25519Signer(accountKeys(new Uint8Array(64), 0).signing.secretKey)] };
}

describe("a request", () => {
  it.each<[string, readonly Reply[], string | undefined, number, readonly number[]]>([
    ["is answered", [ok], undefined, 1, []],
    ["is tried again when the connection breaks", [broken, broken, ok], undefined, 3, [200, 800]],
    ["gives up after three broken connections", [broken], "client/Unreachable", 3, [200, 800]],
    ["is not tried again when it took too long", [late], "client/TimedOut", 1, []],
    ["waits as long as a busy node asks for", [busy(429, 1_500), busy(503, 70), ok], undefined, 3, [1_500, 70]],
    ["does not wait for a node that asks for too much", [busy(429, 60_000)], "api/Busy", 1, []],
    ["does not wait for a node that does not say how long", [busy(503)], "api/Busy", 1, []],
    ["is not tried again when it is refused", [busy(403, 1)], "api/Busy", 1, []],
    ["names an answer that is no JSON", [() => new Response("<html>")], "client/UnexpectedAnswer", 1, []],
    ["names a refusal that is no problem", [() => new Response("no", { status: 500 })], "client/UnexpectedAnswer", 1, []],
    ["names a refusal without a title", [() => Response.json({}, { status: 404 })], "client/UnexpectedAnswer", 1, []],
  ])("%s", async (_, replies, expected, attempts, waited) => {
    const { client, asked } = nodeThatReplies(...replies);
    const id = await requestJson(client, request).then(
      () => undefined,
      (error: unknown) => (error as { id: string }).id,
    );
    expect(id).toBe(expected);
    expect(asked).toHaveLength(attempts);
    expect(pauses).toEqual(waited);
  });

  it("gives the node's refusal with all its facts", async () => {
    const details = { objectId: "00" };
    const { client } = nodeThatReplies(() =>
      problem({ id: "vault/NotOwner", status: 403, sentence: "only the owner", details, txHash: "ab" }),
    );
    const facts = { id: "vault/NotOwner", status: 403, sentence: "only the owner", details, txHash: "ab" };
    await expect(requestJson(client, request)).rejects.toMatchObject({
      name: "GalenError",
      ...facts,
      message: "vault/NotOwner: only the owner",
    });
  });

  it("ends when the caller aborts, with the caller's reason", async () => {
    const { client, asked } = nodeThatReplies(() => Promise.reject(new DOMException("stop", "AbortError")));
    await expect(requestJson(client, { ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it.each<[string, number, (client: Client) => Promise<unknown>]>([
    ["with an answer", 200, (client) => requestJson(client, { ...request, maxBytes: MIB })],
    ["with a refusal", 500, (client) => requestBytes(client, request)],
    ["with shares", 200, async (client) => requestShares(client, { as: await someActor(), releaseId: "00", height: 1 })],
  ])("ends where the node does not, %s", async (_, status, asking) => {
    let sent = 0;
    const endless = () => {
      const body = new ReadableStream({
        pull(controller) {
          sent += MIB / 16;
          if (sent > 8 * MIB) controller.error(new TypeError("read on and on"));
          else controller.enqueue(new Uint8Array(MIB / 16).fill(0x20));
        },
      });
      return new Response(body, { status });
    };
    const { client, asked } = nodeThatReplies(endless);
    await expect(asking(client)).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
    expect(asked).toHaveLength(1);
    expect(sent).toBeLessThan(2 * MIB);
  });

  it("writes texts as they are, the rest as JSON, and leaves out what is undefined", async () => {
    const { client, asked } = nodeThatReplies(ok);
    await requestJson(client, { ...request, query: { key: "a/b c&d", limit: 5, list: ["x"], before: undefined } });
    const { searchParams, pathname } = new URL(asked[0]!.url);
    expect(pathname).toBe("/v1/status");
    expect(Object.fromEntries(searchParams)).toEqual({ key: "a/b c&d", limit: "5", list: '["x"]' });
  });

  it("is signed over method, path, body, time and a fresh nonce, anew for every attempt", async () => {
    const { client, asked } = nodeThatReplies(broken, () => new Response(Uint8Array.of(1, 2)));
    const actor = await someActor();
    const body = Uint8Array.of(7, 8, 9);
    const sent = { method: "POST", path: "/v1/blobs", query: { a: 1 }, body, contentType: "x/y", as: { actor, chainId: "test" } } as const;
    expect(await requestBytes(client, sent)).toEqual(Uint8Array.of(1, 2));

    const signed = asked.map(({ headers }) => {
      const fields = Object.fromEntries(
        [...headers.get("authorization")!.matchAll(/(\w+)="(\w+)"/g)].map(([, name, value]) => [name, value]),
      );
      const { account, key, at, nonce, signature } = fields as Record<"account" | "key" | "at" | "nonce" | "signature", string>;
      expect({ account, at }).toEqual({ account: actor.account, at: "1700000000000" });
      const message = { chainId: "test", method: "POST", path: "/v1/blobs?a=1", body, at: Number(at), nonce };
      const bytes = signedBytes(message, portableCrypto.sha256);
      expect(portableCrypto.verifyEd25519(hexToBytes(key)!, bytes, hexToBytes(signature)!)).toBe(true);
      return nonce;
    });
    expect(new Set(signed).size).toBe(2);
  });
});
