import { Refusal } from "@galen/ledger/app/refusal";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { type Account, requireAccount } from "@galen/ledger/modules/accounts/index";
import { verifySignature } from "@galen/ledger/tx/prepare";
import { requestBytes } from "@galen/ledger/tx/request-authorisation";
import type { Backend } from "../backend.ts";
import { errors } from "./api-error.ts";

/** How far a client's clock may be from the node's. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;
/** 20 MB of nonces at most; more signed requests than this within two minutes are refused. */
const MAX_REMEMBERED_NONCES = 200_000;

const SCHEME =
  /^Galen account="([0-9a-f]{64})", ?key="([0-9a-f]{64,66})", ?at="([0-9]{1,15})", ?nonce="([0-9a-f]{32})", ?signature="([0-9a-f]{128})"$/;

/** What a request says of itself; `path` with its query. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

/** What a header claims, before the signature is verified. */
export interface Claim {
  readonly account: string;
  readonly key: Account["keys"][number];
  readonly at: number;
  readonly nonce: string;
  readonly signature: string;
}

/** Tells which account signed a request, in two steps: the body is read only for somebody who is known. */
export interface Authoriser {
  /** What the header claims. Throws Refusal api/Unauthenticated unless account and key are known and the time is now. */
  recognise(header: string | undefined): Claim;
  /** The account, once for each signed request. Throws Refusal api/Unauthenticated, api/TooManyRequests. */
  verify(claim: Claim, request: IncomingRequest): string;
}

/** An authoriser that accepts every signed request once. */
export function createAuthoriser({ ledger, crypto, now }: Pick<Backend, "ledger" | "crypto" | "now">): Authoriser {
  const nonces = createNonceMemory(now);
  return {
    recognise(header) {
      const [, account, publicKey, atText, nonce, signature] = SCHEME.exec(header ?? "") ?? [];
      if (!account || !publicKey || !atText || !nonce || !signature) throw errors.Unauthenticated({ reason: "no authorisation" });
      const at = Number(atText);
      if (Math.abs(now() - at) > MAX_CLOCK_DIFFERENCE_MS) throw errors.Unauthenticated({ reason: "clock", nodeTime: now() });
      const key = fullKey(findAccount(ledger, account), publicKey);
      if (!key) throw errors.Unauthenticated({ reason: "key" });
      return { account, key, at, nonce, signature };
    },
    verify({ account, key, at, nonce, signature }, request) {
      const message = requestBytes({ chainId: ledger.chainId, ...request, at, nonce }, crypto.sha256);
      const check = { keyType: key.keyType, publicKey: hexToBytes(key.publicKey)!, message, signature: hexToBytes(signature)! };
      if (!verifySignature(check, crypto)) throw errors.Unauthenticated({ reason: "signature" });
      // Only what is signed is remembered, so that strangers cannot fill the memory.
      if (!nonces.add(`${account}/${nonce}`)) throw errors.Unauthenticated({ reason: "replayed" });
      return account;
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

/** Remembers nonces for as long as their request would be accepted. */
function createNonceMemory(now: () => number) {
  let young = new Set<string>();
  let old = new Set<string>();
  let turnedAt = now();
  return {
    /** False if it was there. */
    add(nonce: string): boolean {
      // Both halves together reach back as far as a request may be dated, ahead and behind.
      if (now() - turnedAt > 2 * MAX_CLOCK_DIFFERENCE_MS) {
        [old, young] = [young, new Set()];
        turnedAt = now();
      }
      if (young.has(nonce) || old.has(nonce)) return false;
      if (young.size + old.size >= MAX_REMEMBERED_NONCES) throw errors.TooManyRequests({ retryAfterMs: MAX_CLOCK_DIFFERENCE_MS });
      young.add(nonce);
      return true;
    },
  };
}
