import { requireScalar, scalarField, scalarToBytes } from "@galen/ledger/crypto/group";

/** A share that one dealer gave to this participant, checked by `verifyShare`, and the dealer's factor. */
export interface WeightedShare {
  /** Scalar, 32 bytes. */
  readonly share: Uint8Array;
  /** 1 in a key generation; the dealer's Lagrange factor among the counted dealers in a resharing. */
  readonly weight: bigint;
}

/**
 * This participant's share of the joint polynomial, 32 bytes: the private half of `publicShare(jointCommitments(dealings), index)`, over the same
 * dealings with the same weights.
 */
export function jointShare(shares: readonly WeightedShare[]): Uint8Array {
  if (shares.length === 0) throw new RangeError("a joint share needs at least one dealing");
  return scalarToBytes(shares.reduce((sum, { share, weight }) => scalarField.add(sum, scalarField.mul(requireScalar(share), weight)), 0n));
}
