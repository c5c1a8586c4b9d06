import { proveEqualLogs } from "@galen/ledger/crypto/dleq-proof";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { releaseBase } from "@galen/ledger/crypto/release-statement";

/** What a custodian answers to one committed request. */
export interface ReleaseShare {
  /** S_ij = x_i·(U_j + R_j), in the order of the request. */
  readonly points: readonly Uint8Array[];
  /** One proof of equal logarithms over all of them, against the custodian's public share. */
  readonly proof: Uint8Array;
}

export interface ReleaseShareOptions {
  /** x_i, scalar of 32 bytes. */
  readonly share: Uint8Array;
  /** The committed entry's pairs: U_j of the capsule, R_j of the request. */
  readonly objects: readonly { readonly capsulePoint: Uint8Array; readonly requestPoint: Uint8Array }[];
  /** From `releaseShareContext`. */
  readonly context: Uint8Array;
  /** 32 fresh random bytes. */
  readonly randomness: Uint8Array;
  readonly crypto: CryptoProvider;
}

/**
 * Computes a custodian's share of a release. Only for an entry that is committed on the ledger: the handler has checked there that the
 * reader may read, and knows the logarithm of every R_j. Throws RangeError on pairs that no handler lets pass.
 */
export function releaseShare({ share, objects, context, randomness, crypto }: ReleaseShareOptions): ReleaseShare {
  const bases = objects.map(({ capsulePoint, requestPoint }) => {
    const base = releaseBase(crypto, capsulePoint, requestPoint);
    if (base === undefined) throw new RangeError("a committed release holds points that do not add up to one");
    return base;
  });
  const points = bases.map((base) => crypto.ristretto255.multiply(base, share));
  const publicKey = crypto.ristretto255.multiplyBase(share);
  return { points, proof: proveEqualLogs({ publicKey, bases, images: points, context, secret: share, randomness, crypto }) };
}
