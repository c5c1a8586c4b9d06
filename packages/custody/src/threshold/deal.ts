import { requireScalar, scalarField, scalarFromUniform, scalarToBytes } from "@galen/ledger/crypto/group";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { provePossession } from "@galen/ledger/crypto/schnorr-proof";

/** One dealer's part of a key generation or resharing. */
export interface Dealing {
  /** Feldman commitments, constant term first; public. */
  readonly commitments: readonly Uint8Array[];
  /** Proof that the dealer knows the constant term, so that no key can be chosen to cancel the others'; public. */
  readonly proof: Uint8Array;
  /** By participant: the share that only this participant may see, scalar of 32 bytes. The caller seals it. */
  readonly shares: ReadonlyMap<number, Uint8Array>;
}

export interface DealOptions {
  /** k: how many shares open. */
  readonly threshold: number;
  /** Indexes of the receivers, distinct, from 1. */
  readonly participants: readonly number[];
  /** From `dealingContext`. */
  readonly context: Uint8Array;
  /**
   * Resharing and refreshing: the dealer's own share becomes the constant term, and receivers weigh the dealing with its Lagrange factor.
   * Left out in a key generation: random.
   */
  readonly constantTerm?: Uint8Array;
  /** `length` fresh random bytes. */
  readonly random: (length: number) => Uint8Array;
  readonly crypto: CryptoProvider;
}

/**
 * Deals shares of a random polynomial (Pedersen's joint Feldman scheme). Dealers who wait for the others' commitments can bias the joint
 * key's distribution, which an encryption key tolerates (Gennaro, Jarecki, Krawczyk, Rabin, J. Cryptology 2007).
 */
export function deal({ threshold, participants, context, constantTerm, random, crypto }: DealOptions): Dealing {
  if (threshold < 1 || threshold > participants.length) throw new RangeError("the threshold lies between 1 and the number of participants");
  const randomScalar = () => scalarToBytes(scalarFromUniform(random(64)));
  const coefficients = [constantTerm ?? randomScalar(), ...Array.from({ length: threshold - 1 }, randomScalar)];
  const commitments = coefficients.map((coefficient) => crypto.ristretto255.multiplyBase(coefficient));
  const statement = { points: commitments.slice(0, 1), context, crypto };
  return {
    commitments,
    proof: provePossession({ ...statement, secrets: coefficients.slice(0, 1), randomness: random(32) }),
    shares: new Map(participants.map((index) => [index, evaluate(coefficients, index)])),
  };
}

function evaluate(coefficients: readonly Uint8Array[], index: number): Uint8Array {
  const x = BigInt(index);
  const value = coefficients.reduceRight((sum, coefficient) => scalarField.add(scalarField.mul(sum, x), requireScalar(coefficient)), 0n);
  return scalarToBytes(value);
}
