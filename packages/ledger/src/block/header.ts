import { merkleRoot, type Sha256 } from "../crypto/rfc6962.ts";
import { BlockId } from "./block-id.ts";
import { address, chainId, hash, hexBytes, int64, omittedZero } from "./kinds.ts";
import { type Field, message, one, type ValueOf } from "./message.ts";
import { encodeField } from "./protobuf.ts";
import { Timestamp } from "./timestamp.ts";

/** The block protocol that CometBFT 0.34 to 0.40 speak. */
export const BLOCK_PROTOCOL = 11;

/** Application hashes are of the application's choosing; ours and the known ones fit. */
const APP_HASH_SIZES = [0, 8, 20, 32, 64];

const Version = message({
  block: one(1, "block", omittedZero),
  app: one(2, "app", omittedZero),
});

/**
 * The header of a block, fields and order as in cometbft `types/block.go`. `appHash` and `lastResultsHash` speak of the block before;
 * `time` is the voting power's median time of the last commit.
 */
export const Header = message({
  version: one(1, "version", Version),
  chainId: one(2, "chain_id", chainId),
  height: one(3, "height", int64(1)),
  time: one(4, "time", Timestamp),
  lastBlockId: one(5, "last_block_id", BlockId),
  lastCommitHash: one(6, "last_commit_hash", hash),
  dataHash: one(7, "data_hash", hash),
  validatorsHash: one(8, "validators_hash", hash),
  nextValidatorsHash: one(9, "next_validators_hash", hash),
  consensusHash: one(10, "consensus_hash", hash),
  appHash: one(11, "app_hash", hexBytes(...APP_HASH_SIZES)),
  lastResultsHash: one(12, "last_results_hash", hash),
  evidenceHash: one(13, "evidence_hash", hash),
  proposerAddress: one(14, "proposer_address", address),
});
export type Header = ValueOf<typeof Header>;

/** Hash of a header, which is the block's: RFC 6962 root over its 14 fields (cometbft `Header.Hash`). */
export function headerHash(header: Header, sha256: Sha256): Uint8Array {
  const leaves = Header.fields.map(([key, field]) => fieldAsLeaf(field, header[key]));
  return merkleRoot(leaves, sha256);
}

// A message is its own leaf. A scalar goes in as Google's wrapper message for it (StringValue, Int64Value, BytesValue): the scalar
// as field 1, nothing at all when it is zero or empty (cometbft types/encoding_helper.go cdcEncode).
function fieldAsLeaf(field: Field<unknown>, value: unknown): Uint8Array {
  const [payload] = field.payloads(value);
  if (!payload) return new Uint8Array(0);
  return field.isScalar ? encodeField(1, field.wire, payload) : payload;
}
