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
  /** Of the key set to which its share belongs. */
  readonly epoch: number;
  /** S = x_i·(U + R) for each object, in the order of the request. */
  readonly points: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

/** What a release must answer to, and whose shares count. */
export interface ReleaseFacts {
  readonly pending: PendingRelease;
  readonly chainId: string;
  /** Id of the committed release entry, hex of 32 bytes. */
  readonly requestId: string;
  /** Of the key set from which the public shares are. */
  readonly epoch: number;
  /** By custodian: the public share that the ledger names. */
  readonly publicShares: ReadonlyMap<number, Uint8Array>;
  /** k: how many good shares are needed. */
  readonly threshold: number;
  /** X, the custodians' public key. */
  readonly collectiveKey: Uint8Array;
  readonly crypto: CryptoProvider;
}

/**
 * What a share is worth. `repeated`: a good one of a custodian that has given one; which of the two came from whom, nobody can tell. `otherEpoch`: of another
 * key set than the public shares, which say nothing about it.
 */
export type ShareVerdict = "good" | "repeated" | "otherEpoch" | "forged";

/** Takes shares as they arrive, until k are good. */
export interface ReleaseCombiner {
  /** A good share counts once for its custodian. A wrong one costs its sender the name and the reader nothing. */
  offer(share: CustodianShare): ShareVerdict;
  /** Custodians whose share is good. */
  readonly good: readonly number[];
  /** x·U for each object, in the order of the request: k good shares combined by Lagrange to x·(U + R), less s·X. Undefined while fewer are good. */
  released(): readonly Uint8Array[] | undefined;
}

/** A combiner of the shares for one release. */
export function createReleaseCombiner(facts: ReleaseFacts): ReleaseCombiner {
  const { pending, threshold, collectiveKey, crypto } = facts;
  const bases = pending.objects.map(({ capsulePoint, requestPoint }) => requireBase(crypto, capsulePoint, requestPoint));
  const good = new Map<number, CustodianShare>();
  return {
    offer(share) {
      if (share.epoch !== facts.epoch) return "otherEpoch";
      if (!isGood(share, bases, facts)) return "forged";
      if (good.has(share.custodian)) return "repeated";
      good.set(share.custodian, share);
      return "good";
    },
    get good() {
      return [...good.keys()];
    },
    released() {
      if (good.size < threshold) return undefined;
      const chosen = [...good.values()].slice(0, threshold);
      const factors = lagrangeFactors(chosen.map(({ custodian }) => custodian)).map(scalarToBytes);
      return pending.objects.map(({ secret }, position) => {
        const answers = chosen.map(({ points }) => points[position]!);
        const combined = crypto.ristretto255.combine(answers, factors)!; // the proof has shown that all are points
        return crypto.ristretto255.subtract(combined, crypto.ristretto255.multiply(collectiveKey, secret));
      });
    },
  };
}

function isGood({ custodian, points, proof }: CustodianShare, bases: readonly Uint8Array[], facts: ReleaseFacts): boolean {
  const publicKey = facts.publicShares.get(custodian);
  if (publicKey === undefined) return false;
  const context = releaseShareContext(facts.crypto, { chainId: facts.chainId, requestId: facts.requestId, custodian });
  return verifyEqualLogs({ publicKey, bases, images: points, proof, context, crypto: facts.crypto });
}

function requireBase(crypto: CryptoProvider, capsulePoint: Uint8Array, requestPoint: Uint8Array): Uint8Array {
  const base = releaseBase(crypto, capsulePoint, requestPoint);
  if (base === undefined) throw new RangeError("a pending release holds points that do not add up to one");
  return base;
}
