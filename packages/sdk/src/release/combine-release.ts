import { verifyEqualLogs } from "@galen/ledger/crypto/dleq-proof";
import { scalarToBytes } from "@galen/ledger/crypto/group";
import { lagrangeFactors } from "@galen/ledger/crypto/polynomial-commitments";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { releaseBase, releaseShareContext } from "@galen/ledger/crypto/release-statement";
import type { PendingRelease } from "./release-request.ts";

/** One custodian's answer. */
export interface CustodianShare {
  /** Index of the custodian, from 1. */
  readonly custodian: number;
  /** S = x_i·(U + R) for each object, in the order of the request. */
  readonly points: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

export interface CombineOptions {
  readonly pending: PendingRelease;
  readonly chainId: string;
  /** Id of the committed release entry, hex of 32 bytes. */
  readonly requestId: string;
  readonly shares: readonly CustodianShare[];
  /** By custodian: the public share that the ledger names. */
  readonly publicShares: ReadonlyMap<number, Uint8Array>;
  /** k: how many good shares are needed. */
  readonly threshold: number;
  /** X, the custodians' public key. */
  readonly collectiveKey: Uint8Array;
  readonly crypto: CryptoProvider;
}

export interface CombinedRelease {
  /** x·U for each object, in the order of the request; undefined while fewer than k shares are good. */
  readonly released: readonly Uint8Array[] | undefined;
  /** Custodians whose answer is wrong, unknown or repeated. */
  readonly refused: readonly number[];
}

/**
 * Checks shares until k are good, combines them by Lagrange to x·(U + R), and takes s·X off. A wrong share costs its custodian the name and the
 * reader nothing, as long as k good ones are there.
 */
export function combineRelease(options: CombineOptions): CombinedRelease {
  const { pending, shares, threshold, collectiveKey, crypto } = options;
  const bases = pending.objects.map(({ capsulePoint, requestPoint }) => requireBase(crypto, capsulePoint, requestPoint));
  const good = new Map<number, CustodianShare>();
  const refused: number[] = [];
  for (const share of shares) {
    if (good.size === threshold) break;
    if (!good.has(share.custodian) && isGood(share, bases, options)) good.set(share.custodian, share);
    else refused.push(share.custodian);
  }
  if (good.size < threshold) return { released: undefined, refused };

  const factors = lagrangeFactors([...good.keys()]).map(scalarToBytes);
  const released = pending.objects.map(({ secret }, position) => {
    const answers = [...good.values()].map(({ points }) => points[position]!);
    const combined = crypto.ristretto255.combine(answers, factors)!; // the proof has shown that all are points
    return crypto.ristretto255.subtract(combined, crypto.ristretto255.multiply(collectiveKey, secret));
  });
  return { released, refused };
}

function isGood({ custodian, points, proof }: CustodianShare, bases: readonly Uint8Array[], options: CombineOptions): boolean {
  const publicKey = options.publicShares.get(custodian);
  if (publicKey === undefined) return false;
  const context = releaseShareContext(options.crypto, { chainId: options.chainId, requestId: options.requestId, custodian });
  return verifyEqualLogs({ publicKey, bases, images: points, proof, context, crypto: options.crypto });
}

function requireBase(crypto: CryptoProvider, capsulePoint: Uint8Array, requestPoint: Uint8Array): Uint8Array {
  const base = releaseBase(crypto, capsulePoint, requestPoint);
  if (base === undefined) throw new RangeError("a pending release holds points that do not add up to one");
  return base;
}
