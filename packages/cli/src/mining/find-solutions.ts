import { hash } from "node:crypto";
import { isSolution, solutionBytes } from "@galen/ledger/modules/validators/work";

/** Nonces to try for a puzzle: from `from` up to, not including, `to`. */
export interface Search {
  readonly challenge: string;
  /** Consensus key of the node for which the solutions count. */
  readonly publicKey: string;
  readonly difficulty: number;
  readonly from: number;
  readonly to: number;
}

const HEAD_BYTES = 6;
const HEAD_RANGE = 2 ** (8 * HEAD_BYTES);

/** The nonces that solve the puzzle, ascending. About a million a second on one core. */
export function findSolutions({ challenge, publicKey, difficulty, from, to }: Search): number[] {
  const bytes = Buffer.from(solutionBytes({ challenge, publicKey, nonce: 0 }));
  const nonceAt = bytes.length - 8;
  // The first six bytes rule out nearly all; only the rest is judged exactly.
  const highestHead = Math.floor(HEAD_RANGE / difficulty);
  const found: number[] = [];
  for (let nonce = from; nonce < to; nonce++) {
    bytes.writeUInt32BE(Math.floor(nonce / 2 ** 32), nonceAt);
    bytes.writeUInt32BE(nonce % 2 ** 32, nonceAt + 4);
    const digest = hash("sha256", bytes, "buffer");
    if (digest.readUIntBE(0, HEAD_BYTES) <= highestHead && isSolution(digest, difficulty)) found.push(nonce);
  }
  return found;
}
