import { concatBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";

/** A request to a node in the name of an account: what is signed, so that it cannot be replayed in another network, on another path or with another body. It names no node. */
export interface SignedRequest {
  readonly chainId: string;
  /** `GET`, `POST`. */
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  readonly body: Uint8Array;
  /** Milliseconds since 1970 by the client's clock. */
  readonly at: number;
  /** 16 random bytes, hexadecimal. */
  readonly nonce: string;
}

/** The bytes that the account's key signs. */
export function requestBytes({ chainId, method, path, body, at, nonce }: SignedRequest, sha256: CryptoProvider["sha256"]): Uint8Array {
  const text = [chainId, method, path, bytesToHex(sha256(body)), String(at), nonce].join("\n");
  return concatBytes([encodeUtf8("galen/request/1:")!, encodeUtf8(text)!]);
}

/** A request of one node to another: `to` is the validator key of the one that is asked, so that it cannot be passed on to a third. */
export interface SignedNodeRequest extends SignedRequest {
  /** Ed25519 public key, hexadecimal. */
  readonly to: string;
}

/** The bytes that a node's validator key signs; no vote and no receipt begins like them. */
export function nodeRequestBytes({ to, ...request }: SignedNodeRequest, sha256: CryptoProvider["sha256"]): Uint8Array {
  return concatBytes([encodeUtf8(`galen/node-request/1:${to}\n`)!, requestBytes(request, sha256)]);
}
