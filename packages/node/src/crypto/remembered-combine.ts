import { concatBytes } from "@galen/ledger/crypto/bytes";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";

/** Sums of the transactions that wait for a block, two for each proof; older ones go. About 2 MB. */
const KEPT = 8_192;

/**
 * The same provider, which computes a sum of multiples once: the proofs in a transaction are checked at the dry run and again in the block, a
 * tenth of a millisecond for each of up to 64 points, where the hash of the input takes a microsecond.
 */
export function rememberCombine(crypto: CryptoProvider): CryptoProvider {
  const { combine } = crypto.ristretto255;
  const sums = new Map<string, Uint8Array | undefined>();
  return {
    ...crypto,
    ristretto255: {
      ...crypto.ristretto255,
      combine(points, scalars) {
        const isPlain = [...points, ...scalars].every(({ length }) => length === 32);
        if (points.length !== scalars.length || !isPlain) return combine(points, scalars);
        const name = Buffer.from(crypto.sha256(concatBytes([...points, ...scalars]))).toString("latin1");
        if (!sums.has(name)) sums.set(name, combine(points, scalars));
        if (sums.size > KEPT) sums.delete(sums.keys().next().value!);
        return sums.get(name)?.slice();
      },
    },
  };
}
