import type { TxResult } from "@galen/ledger/app/execute";
import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { foundTown, type TestAccount, type TestTown } from "@galen/ledger/testing/actors";
import { createEd25519Signer } from "../../keys/signer.ts";
import type { Actor } from "../actor.ts";
import { type Client, createClient } from "../client.ts";

/**
 * How a request goes: well, or over a connection that breaks off before or after the node has done its work, as a proxy before it says or not; `busy`: it is
 * turned away, `engine/…`: by this id the node, whose engine fails or ends while it waits, refuses what its network executes.
 */
export type Weather = "fine" | "request lost" | "answer lost" | "bad gateway" | "busy" | `engine/${string}`;

export interface FakeNode extends TestTown {
  readonly client: Client;
  /** Hashes of the transactions that were executed without a refusal. */
  readonly executed: readonly string[];
  /** How the next requests go; well when none is left. */
  readonly weather: Weather[];
}

/** A real ledger behind the part of the HTTP API that transactions and simple queries need, on a line that may be bad. */
export async function createFakeNode(options: Parameters<typeof foundTown>[0] = {}): Promise<FakeNode> {
  const town = await foundTown(options);
  const { chain } = town;
  const outcomes = new Map<string, { readonly height: number; readonly result: TxResult }>();
  const executed: string[] = [];
  const weather: Weather[] = [];

  async function execute(bytes: Uint8Array): Promise<Response> {
    const txHash = bytesToHex(portableCrypto.sha256(bytes));
    const { txResults } = await chain.block(bytes);
    const result = txResults[0]!;
    if (!result.refusal) executed.push(txHash);
    if (!outcomes.has(txHash)) outcomes.set(txHash, { height: chain.ledger.height, result });
    return result.refusal ? problem({ ...result.refusal, txHash }) : lookUp(txHash);
  }

  function lookUp(txHash: string): Response {
    const found = outcomes.get(txHash);
    if (!found) return problem({ id: "api/NotFound", status: 404, sentence: "unknown" });
    const { height, result } = found;
    const events = result.events.map(({ type, data }) => ({ type, data }));
    return Response.json({ txHash, height, index: 0, refusal: result.refusal ?? null, events });
  }

  function query(name: string, parameters: Readonly<Record<string, string>>): Response {
    try {
      return Response.json(chain.ledger.query(name, parameters));
    } catch (error) {
      if (error instanceof Refusal) return problem(error.kind);
      throw error;
    }
  }

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const [, , path, name] = pathname.split("/");
    if (path === "status") return Response.json({ chainId: chain.ledger.chainId, height: chain.ledger.height });
    if (path === "query") return query(name!, Object.fromEntries(searchParams));
    return name === undefined ? execute(await request.bytes()) : lookUp(name);
  };
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const today = weather.shift() ?? "fine";
    if (today === "request lost") throw new TypeError("fetch failed");
    if (today === "busy") return problem({ id: "api/TooManyRequests", status: 429, sentence: "busy", details: { retryAfterMs: 10_000 } });
    const response = await answer(new Request(input, init));
    if (today === "answer lost") throw new TypeError("fetch failed");
    if (today === "bad gateway") return new Response("<h1>502 Bad Gateway</h1>", { status: 502 });
    if (today.startsWith("engine/")) return problem({ id: today, status: 503, sentence: "send the same bytes again" });
    return response;
  };
  return { ...town, executed, weather, client: createClient({ url: "http://node.test", fetch, now: () => chain.now }) };
}

/** A problem+json answer. */
export function problem({
  id,
  status,
  sentence,
  ...rest
}: {
  id: string;
  status: number;
  sentence: string;
  details?: object;
  txHash?: string;
}): Response {
  const body = JSON.stringify({ type: "about:blank", title: id, status, detail: sentence, details: {}, ...rest });
  return new Response(body, { status, headers: { "content-type": "application/problem+json" } });
}

/** A ledger test's account as an actor of the SDK. */
export async function actorOf({ account, keys }: TestAccount): Promise<Actor> {
  return { account, signers: await Promise.all(keys.map(({ secretKey }) => createEd25519Signer(secretKey))) };
}
