import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { type RandomSource, webRandom } from "../keys/random.ts";
import type { Trust } from "../proofs/trust.ts";
import { withoutSlash } from "./without-slash.ts";

/** A node seals a block at least every minute by default; an older state may hide what happened since. */
const MAX_STATE_AGE_MS = 900_000;
/** Longer than a node waits for a block before it answers. */
const TIMEOUT_MS = 30_000;

/** Sees the bytes of a transaction's body that will be signed, to show them (`describeBody`) and ask; when it rejects, nothing is signed. */
export type BeforeSigning = (bodyBytes: Uint8Array) => void | Promise<void>;

export interface ClientOptions {
  /** Base of the node's HTTP API, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Name of the network. Left out, the node is asked once. */
  readonly chainId?: string;
  /** Whose signatures make a header true. With it, what is read of objects and keys is proven; without it, the node is believed. */
  readonly trust?: Trust;
  /** Hears of the trust in new validators after they were followed, and once a day that those whom it trusts still sign, to keep it. */
  readonly onTrust?: (trust: Trust) => void | Promise<void>;
  readonly crypto?: CryptoProvider;
  readonly fetch?: typeof fetch;
  /** Milliseconds for a request, besides what its bytes take on a slow line; default 30 s. */
  readonly timeoutMs?: number;
  /**
   * How long what may still come is looked for, milliseconds: a transaction whose sending ended in doubt, the proof of one, a document that somebody else files at
   * the same time; default `timeoutMs`.
   */
  readonly lookMs?: number;
  /** How old the header of a proven state may be, milliseconds; default 15 minutes. An older one could hide what happened since. */
  readonly maxStateAgeMs?: number;
  readonly random?: RandomSource;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** For every transaction of this client that brings none of its own. */
  readonly beforeSigning?: BeforeSigning | undefined;
}

/** A node as the actions of this package see it. Plain data: every action is a function that takes it first. */
export interface Client {
  readonly url: string;
  readonly crypto: CryptoProvider;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly lookMs: number;
  readonly maxStateAgeMs: number;
  readonly random: RandomSource;
  readonly now: () => number;
  readonly onTrust: ((trust: Trust) => void | Promise<void>) | undefined;
  readonly beforeSigning: BeforeSigning | undefined;
  /** Follows the validators when they change, and says until when they were known to sign. */
  trust: Trust | undefined;
  /** Filled by `chainIdOf` when the first action needs it. */
  chainId: string | undefined;
}

/** A client of one node. Nothing is sent before the first action. */
export function createClient({ url, chainId, trust, ...options }: ClientOptions): Client {
  return {
    url: withoutSlash(url),
    chainId: chainId ?? trust?.chainId,
    trust,
    onTrust: undefined,
    beforeSigning: undefined,
    crypto: portableCrypto,
    fetch: (input, init) => fetch(input, init),
    timeoutMs: TIMEOUT_MS,
    lookMs: options.timeoutMs ?? TIMEOUT_MS,
    maxStateAgeMs: MAX_STATE_AGE_MS,
    random: webRandom,
    now: () => Date.now(),
    ...options,
  };
}
