import { MAX_VALIDATORS } from "@galen/ledger/block/commit";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { createDeadline } from "../client/deadline.ts";
import { readBody } from "../client/read-body.ts";
import { signedHeaderFromJson, validatorsFromJson } from "./light-block.ts";
import type { LightProvider } from "./provider.ts";

const PAGE_SIZE = 100; // the most that CometBFT gives at once
const TIMEOUT_MS = 10_000;
/** A commit of the most validators that CometBFT allows has some 250 bytes of JSON for each. */
const MAX_REPLY_BYTES = 4_194_304;

export interface RpcProviderOptions {
  /** Base of the RPC, such as `http://127.0.0.1:26657`. */
  readonly url: string;
  readonly sha256: Sha256;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** A provider that asks CometBFT's RPC (`commit`, `validators`). Rejects with SchemaError on a reply that makes no sense or has no end. */
export function createRpcProvider({ url, sha256, fetch: send = fetch, timeoutMs = TIMEOUT_MS }: RpcProviderOptions): LightProvider {
  const ask = async (query: string): Promise<RpcResult | undefined> => {
    const deadline = createDeadline({ timeoutMs });
    // A witness that redirects would have others asked what it likes, and could show another's answer as its own.
    const response = await send(`${url}/${query}`, { redirect: "error", signal: deadline.signal });
    const bytes = await readBody(response, MAX_REPLY_BYTES, deadline);
    if (!bytes) throw new SchemaError(`at most ${MAX_REPLY_BYTES} bytes are expected`);
    return readReply(JSON.parse(new TextDecoder().decode(bytes)));
  };
  return {
    async signedHeader(height) {
      const result = await ask(`commit?height=${height}`);
      return result && signedHeaderFromJson(result.signed_header);
    },
    async validators(height) {
      const listed: unknown[] = [];
      for (let page = 1; page <= MAX_VALIDATORS / PAGE_SIZE; page++) {
        const result = await ask(`validators?height=${height}&page=${page}&per_page=${PAGE_SIZE}`);
        if (!result) return undefined;
        if (!Array.isArray(result.validators)) throw new SchemaError("a list of validators is needed");
        listed.push(...result.validators);
        if (listed.length >= Number(result.total)) return validatorsFromJson(listed, sha256);
      }
      throw new SchemaError(`at most ${MAX_VALIDATORS} validators are expected`);
    },
  };
}

type RpcResult = Readonly<Record<string, unknown>>;

/** The result of a JSON-RPC reply; undefined where the node says that it does not have the height. */
function readReply(reply: unknown): RpcResult | undefined {
  const { result, error } = (reply ?? {}) as { readonly result?: unknown; readonly error?: { readonly data?: unknown } };
  if (typeof error?.data === "string" && error.data.includes("height")) return undefined;
  if (error) throw new Error(`the node answered ${JSON.stringify(error)}`);
  if (typeof result !== "object" || result === null) throw new SchemaError("a JSON-RPC result is needed");
  return result as RpcResult;
}
