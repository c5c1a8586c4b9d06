import { randomBytes } from "node:crypto";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { nodeRequestBytes } from "@galen/ledger/tx/request-authorisation";
import { createDeadline } from "@galen/sdk/client/deadline";
import { readBody } from "@galen/sdk/client/read-body";
import type { Identity } from "../identity.ts";
import { PeerFailure } from "./peer-failure.ts";

/** Another node, and the validator key that it must be asked under. */
export interface PeerAddress {
  readonly url: string;
  /** Hex; undefined while only its address is known: such a request is not signed. */
  readonly key: string | undefined;
}

export interface PeerCall {
  readonly method: "GET" | "POST";
  /** Begins with `/v1/`. */
  readonly path: string;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
  /** Of the answer: what sends more is cut off. */
  readonly maxBytes: number;
  /** Besides what the bytes take at 1 Mbit/s: who sends a byte now and then gains nothing. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** 1 Mbit/s: a node keeps what it sends in memory, and asks one peer after the other. */
const SLOWEST_BYTES_PER_MS = 128;

/** Asks another node and gives its answer. Rejects with PeerFailure. */
export type CallPeer = (peer: PeerAddress, call: PeerCall) => Promise<Uint8Array>;

/** The header by which a node shows another one that it asks. */
export function nodeAuthorisation(
  { chainId, crypto, validator, now }: Pick<Identity, "crypto" | "validator" | "now"> & { readonly chainId: string },
  request: { readonly to: string; readonly method: string; readonly path: string; readonly body: Uint8Array },
): string {
  const [at, nonce] = [now(), randomBytes(16).toString("hex")];
  const message = nodeRequestBytes({ chainId, ...request, at, nonce }, crypto.sha256);
  const [node, signature] = [bytesToHex(validator.publicKey), bytesToHex(validator.sign(message))];
  return `Galen node="${node}", to="${request.to}", at="${at}", nonce="${nonce}", signature="${signature}"`;
}

/** A caller that signs with the node's own validator key. */
export function createCallPeer({ ledger, ...identity }: Identity): CallPeer {
  const { chainId } = ledger;
  return async ({ url, key }, { method, path, body, maxBytes, timeoutMs, signal }) => {
    const bytes = body?.bytes ?? new Uint8Array(0);
    const headers = {
      ...(body ? { "content-type": body.type } : {}),
      ...(key === undefined ? {} : { authorization: nodeAuthorisation({ ...identity, chainId }, { to: key, method, path, body: bytes }) }),
    };
    const deadline = createDeadline({ timeoutMs, sentBytes: bytes.length, bytesPerMs: SLOWEST_BYTES_PER_MS });
    const signals = [deadline.signal, ...(signal ? [signal] : [])];
    // A redirection could send sealed bytes anywhere.
    const init = { method, headers, redirect: "error", signal: AbortSignal.any(signals) } as const;
    try {
      const response = await fetch(url + path, body ? { ...init, body: bytes as Uint8Array<ArrayBuffer> } : init);
      const answer = await readBody(response, maxBytes, deadline);
      if (!answer) throw new PeerFailure("too-large", url);
      if (!response.ok) throw new PeerFailure("refused", url, { cause: answer });
      return answer;
    } catch (cause) {
      if (cause instanceof PeerFailure) throw cause;
      throw new PeerFailure(cause instanceof Error && cause.name === "TimeoutError" ? "slow" : "unreachable", url, { cause });
    }
  };
}
