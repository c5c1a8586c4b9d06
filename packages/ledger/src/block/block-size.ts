// cometbft types/block.go: MaxOverheadForBlock, MaxHeaderBytes, MaxCommitOverheadBytes, MaxCommitSigBytes with its tag and length.
const BLOCK_OVERHEAD_BYTES = 11;
const MAX_HEADER_BYTES = 626;
const COMMIT_OVERHEAD_BYTES = 94;
const COMMIT_SIG_BYTES = 111;

/** Room for transactions in a block of at most `maxBlockBytes`, counted as `sizeInBlock` does (cometbft types/block.go MaxDataBytes). */
export function maxDataBytes(maxBlockBytes: number, validators: number): number {
  return maxBlockBytes - BLOCK_OVERHEAD_BYTES - MAX_HEADER_BYTES - COMMIT_OVERHEAD_BYTES - COMMIT_SIG_BYTES * validators;
}

/** Bytes that a transaction takes in a block: itself with its protobuf tag and length. */
export function sizeInBlock(tx: Uint8Array): number {
  let lengthBytes = 1;
  for (let rest = tx.length; rest >= 0x80; rest >>>= 7) lengthBytes += 1;
  return 1 + lengthBytes + tx.length;
}
