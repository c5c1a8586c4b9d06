import { concatBytes, equalBytes } from "./bytes.ts";
import { GENERATOR, requireScalar, scalarField, scalarToBytes } from "./group.ts";
import type { CryptoProvider } from "./provider.ts";
import { batchCoefficients, transcriptHash, transcriptScalar } from "./transcript.ts";

/** Bytes of a proof of possession: the commitment T and the response z. */
export const POSSESSION_PROOF_SIZE = 64;

export interface PossessionStatement {
  /** Points of ristretto255 whose discrete logarithms to the base G the prover knows, all of them. */
  readonly points: readonly Uint8Array[];
  /** What the proof is for; it is worthless for anything else. */
  readonly context: Uint8Array;
  readonly crypto: CryptoProvider;
}

/**
 * Proves the knowledge of s_j with points[j] = s_j·G for all j at once: Schnorr's proof, made non-interactive (Fiat-Shamir) and batched after
 * Gennaro, Leigh, Sundaram, Yerazunis (ASIACRYPT 2004) with coefficients from the hash instead of powers of one. With one point it is
 * the plain proof with a challenge of 128 bits.
 *
 * @param secrets scalars of 32 bytes, in the order of the points
 * @param randomness 32 fresh random bytes; the secrets are mixed in, so that even repeated ones reveal nothing
 * @returns `POSSESSION_PROOF_SIZE` bytes
 */
export function provePossession(input: PossessionStatement & { secrets: readonly Uint8Array[]; randomness: Uint8Array }): Uint8Array {
  const { points, context, secrets, randomness, crypto } = input;
  if (secrets.length !== points.length) throw new RangeError("a proof of possession needs one secret for each point");
  const nonce = transcriptScalar(crypto, "galen/possession/nonce", [randomness, context, ...secrets, ...points]);
  const commitment = crypto.ristretto255.multiplyBase(scalarToBytes(nonce));
  const coefficients = challenge(input, commitment);
  const terms = secrets.map((secret, index) => scalarField.mul(coefficients[index]!, requireScalar(secret)));
  const response = terms.reduce((sum, term) => scalarField.add(sum, term), nonce);
  return concatBytes([commitment, scalarToBytes(response)]);
}

/** True if `proof` shows that its maker knew the logarithm of every point, for this context. Never throws, whatever the bytes. */
export function verifyPossession(input: PossessionStatement & { proof: Uint8Array }): boolean {
  const { points, proof, crypto } = input;
  if (points.length === 0 || proof.length !== POSSESSION_PROOF_SIZE) return false;
  const commitment = proof.subarray(0, 32);
  const response = proof.subarray(32);
  if (!crypto.ristretto255.isScalar(response)) return false;

  // z·G = T + Σ d_j·P_j; the coefficients stay short on this side
  const coefficients = [1n, ...challenge(input, commitment)];
  const expected = crypto.ristretto255.combine([commitment, ...points], coefficients.map(scalarToBytes));
  const answered = crypto.ristretto255.combine([GENERATOR], [response]); // public, so no constant time, and none of its blinding
  return expected !== undefined && answered !== undefined && equalBytes(expected, answered);
}

function challenge({ points, context, crypto }: PossessionStatement, commitment: Uint8Array): bigint[] {
  const seed = transcriptHash(crypto, "galen/possession/challenge", [context, commitment, ...points]);
  return batchCoefficients(crypto, seed, points.length);
}
