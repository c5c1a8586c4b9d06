import { concatBytes } from "@galen/ledger/crypto/bytes";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";

/** Blocks that one answer holds. */
export const MAX_PAST_BLOCKS = 100;
/** Bytes of one answer, beside its last block. */
export const MAX_PAST_BYTES = 33_554_432;

/** Heights, both included. */
export interface HeightRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a node signs with its validator key to vouch for the records of some blocks, given from the lowest up. Headers commit to the results of transactions, but not to
 * events outside them, nor to the words of refusals: for those, more than a third of the voting power must say the same.
 */
export function historyStatement(
  chainId: string,
  { from, to }: HeightRange,
  { records, sha256 }: { readonly records: readonly Uint8Array[]; readonly sha256: Sha256 },
): Uint8Array {
  const digest = sha256(concatBytes(records.map((record) => sha256(record))));
  return concatBytes([encodeUtf8(`galen/history/1:${chainId}:${from}:${to}:`)!, digest]);
}
