import { concatBytes } from "./bytes.ts";
import { GENERATOR, requireScalar, scalarField, scalarFromBytes, scalarToBytes } from "./group.ts";
import type { CryptoProvider } from "./provider.ts";
import { batchCoefficients, transcriptHash, transcriptScalar } from "./transcript.ts";

/** Bytes of a proof of equal logarithms: the challenge c and the response z. */
export const EQUAL_LOGS_PROOF_SIZE = 64;

export interface EqualLogsStatement {
  /** Y = x·G, the prover's public share. */
  readonly publicKey: Uint8Array;
  /** Points B_j, and images S_j = x·B_j in the same order. */
  readonly bases: readonly Uint8Array[];
  readonly images: readonly Uint8Array[];
  /** What the proof is for; it is worthless for anything else. */
  readonly context: Uint8Array;
  readonly crypto: CryptoProvider;
}

/**
 * Proves that every image is its base times the one secret behind the public key: the batched Chaum-Pedersen proof of RFC 9497 §2.2
 * (GenerateProof with ComputeCompositesFast), with our own domains and 128-bit coefficients.
 *
 * @param secret scalar x, 32 bytes
 * @param randomness 32 fresh random bytes; the secret is mixed in, so that even repeated ones reveal nothing
 * @returns `EQUAL_LOGS_PROOF_SIZE` bytes
 */
export function proveEqualLogs(input: EqualLogsStatement & { secret: Uint8Array; randomness: Uint8Array }): Uint8Array {
  const { secret, randomness, bases, crypto } = input;
  const { multiply, multiplyBase } = crypto.ristretto255;
  const seed = statementHash(input);
  const composite = combineAll(input, bases, seed);
  if (composite === undefined) throw new RangeError("the bases of a proof of equal logarithms must be points");
  const nonce = transcriptScalar(crypto, "galen/equal-logs/nonce", [randomness, secret, seed]);
  const nonceBytes = scalarToBytes(nonce);
  const challenge = challengeScalar(crypto, seed, [multiplyBase(nonceBytes), multiply(composite, nonceBytes)]);
  const response = scalarField.add(nonce, scalarField.mul(challenge, requireScalar(secret)));
  return concatBytes([scalarToBytes(challenge), scalarToBytes(response)]);
}

/** True if `proof` shows that one secret made the public key and all images, for this context. Never throws, whatever the bytes. */
export function verifyEqualLogs(input: EqualLogsStatement & { proof: Uint8Array }): boolean {
  const { publicKey, bases, images, proof, crypto } = input;
  if (bases.length === 0 || bases.length !== images.length || proof.length !== EQUAL_LOGS_PROOF_SIZE) return false;
  const challenge = scalarFromBytes(proof.subarray(0, 32));
  const response = scalarFromBytes(proof.subarray(32));
  if (challenge === undefined || response === undefined) return false;

  const seed = statementHash(input);
  const composite = combineAll(input, bases, seed);
  const image = combineAll(input, images, seed);
  if (composite === undefined || image === undefined) return false;

  // The commitments t·G and t·M again: z·G - c·Y and z·M - c·Z
  const factors = [scalarToBytes(response), scalarToBytes(scalarField.neg(challenge))];
  const first = crypto.ristretto255.combine([GENERATOR, publicKey], factors);
  const second = crypto.ristretto255.combine([composite, image], factors);
  return first !== undefined && second !== undefined && challengeScalar(crypto, seed, [first, second]) === challenge;
}

function statementHash({ publicKey, bases, images, context, crypto }: EqualLogsStatement): Uint8Array {
  return transcriptHash(crypto, "galen/equal-logs/statement", [context, publicKey, concatBytes(bases), concatBytes(images)]);
}

function combineAll({ crypto }: EqualLogsStatement, points: readonly Uint8Array[], seed: Uint8Array): Uint8Array | undefined {
  return crypto.ristretto255.combine(points, batchCoefficients(crypto, seed, points.length).map(scalarToBytes));
}

function challengeScalar(crypto: CryptoProvider, seed: Uint8Array, commitments: readonly Uint8Array[]): bigint {
  return transcriptScalar(crypto, "galen/equal-logs/challenge", [seed, ...commitments]);
}
