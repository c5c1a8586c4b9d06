import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { type Account, requireAccount } from "@galen/ledger/modules/accounts/index";
import { verifySignature } from "@galen/ledger/tx/prepare";
import { nodeRequestBytes, requestBytes } from "@galen/ledger/tx/request-authorisation";
import type { Backend } from "../backend.ts";
import { isNode } from "../peers/known-nodes.ts";
import { errors } from "./api-error.ts";
import { createNonceMemory } from "./nonce-memory.ts";

/** How far a client's clock may be from the node's. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

const ACCOUNT =
  /^Galen account="([0-9a-f]{64})", ?key="([0-9a-f]{64,66})", ?at="([0-9]{1,15})", ?nonce="([0-9a-f]{32})", ?signature="([0-9a-f]{128})"$/;
const NODE =
  /^Galen node="([0-9a-f]{64})", ?to="([0-9a-f]{64})", ?at="([0-9]{1,15})", ?nonce="([0-9a-f]{32})", ?signature="([0-9a-f]{128})"$/;

/** What a request says of itself; `path` with its query. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

/** What a header claims, before the signature is verified. */
export interface Claim {
  /** Account, or validator key of the node, hex. */
  readonly who: string;
  readonly key: Pick<Account["keys"][number], "keyType" | "publicKey">;
  readonly nonce: string;
  readonly signature: string;
  /** What must be signed for this claim. */
  readonly messageFor: (request: IncomingRequest) => Uint8Array;
}

/** Tells who signed a request, in two steps: the body is read only for somebody who is known. */
export interface Authoriser {
  /** What an account's header claims. Throws Refusal api/Unauthenticated unless account and key are known and the time is now. */
  recogniseAccount(header: string | undefined): Claim;
  /** What another node's header claims. Throws likewise unless the ledger knows the node and this one is asked. */
  recogniseNode(header: string | undefined): Claim;
  /** Account or node, once for each signed request. Throws Refusal api/Unauthenticated, api/TooManyRequests. */
  verify(claim: Claim, request: IncomingRequest): string;
}

/** An authoriser that accepts every signed request once. */
export function createAuthoriser({ ledger, crypto, now, validator }: Pick<Backend, "ledger" | "crypto" | "now" | "validator">): Authoriser {
  const nonces = createNonceMemory({ lifetimeMs: 2 * MAX_CLOCK_DIFFERENCE_MS, now });
  const { chainId } = ledger;
  const ownKey = bytesToHex(validator.publicKey);

  function requireNow(atText: string): number {
    const at = Number(atText);
    if (Math.abs(now() - at) > MAX_CLOCK_DIFFERENCE_MS) throw errors.Unauthenticated({ reason: "clock", nodeTime: now() });
    return at;
  }

  return {
    recogniseAccount(header) {
      const [, who, publicKey, atText, nonce, signature] = ACCOUNT.exec(header ?? "") ?? [];
      if (!who || !publicKey || !atText || !nonce || !signature) throw errors.Unauthenticated({ reason: "no authorisation" });
      const at = requireNow(atText);
      const key = fullKey(findAccount(ledger, who), publicKey);
      if (!key) throw errors.Unauthenticated({ reason: "key" });
      return { who, key, nonce, signature, messageFor: (request) => requestBytes({ chainId, ...request, at, nonce }, crypto.sha256) };
    },
    recogniseNode(header) {
      const [, who, to, atText, nonce, signature] = NODE.exec(header ?? "") ?? [];
      if (!who || !to || !atText || !nonce || !signature) throw errors.Unauthenticated({ reason: "no authorisation of a node" });
      const at = requireNow(atText);
      if (to !== ownKey) throw errors.Unauthenticated({ reason: "another node is asked" });
      if (!isNode(ledger.read(), who)) throw errors.Unauthenticated({ reason: "unknown node" });
      const key = { keyType: "ed25519", publicKey: who } as const;
      const messageFor = (request: IncomingRequest) => nodeRequestBytes({ chainId, to, ...request, at, nonce }, crypto.sha256);
      return { who, key, nonce, signature, messageFor };
    },
    verify({ who, key, nonce, signature, messageFor }, request) {
      const message = messageFor(request);
      const check = { keyType: key.keyType, publicKey: hexToBytes(key.publicKey)!, message, signature: hexToBytes(signature)! };
      if (!verifySignature(check, crypto)) throw errors.Unauthenticated({ reason: "signature" });
      // Only what is signed is remembered, so that strangers cannot fill the memory.
      if (!nonces.add(who, nonce)) throw errors.Unauthenticated({ reason: "replayed" });
      return who;
    },
  };
}

function findAccount(ledger: Backend["ledger"], account: string): Account | undefined {
  try {
    return requireAccount(ledger.read(), account);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The account's key if it can act for the account alone. */
function fullKey(account: Account | undefined, publicKey: string): Account["keys"][number] | undefined {
  return account?.keys.find((key) => key.publicKey === publicKey && key.weight >= account.threshold);
}
