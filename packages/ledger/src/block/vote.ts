import { concatBytes } from "../crypto/bytes.ts";
import { BlockId, isZeroBlockId } from "./block-id.ts";
import { chainId as chainIdKind } from "./kinds.ts";
import { bytesField, encodeVarint, fixed64Field, messageField, varintField } from "./protobuf.ts";
import { Timestamp } from "./timestamp.ts";

const PRECOMMIT = 2;

/** The content of one validator's precommit. */
export interface Precommit {
  readonly chainId: string;
  readonly height: number;
  readonly round: number;
  /** The block voted for; `zeroBlockId` is a vote for none. */
  readonly blockId: BlockId;
  /** The validator's own time. */
  readonly timestamp: Timestamp;
}

/** The bytes a validator signs: CanonicalVote with its length in front (cometbft types/canonical.go, types/vote.go VoteSignBytes). */
export function precommitSignBytes({ chainId, height, round, blockId, timestamp }: Precommit): Uint8Array {
  const vote = concatBytes([
    varintField(1, PRECOMMIT),
    fixed64Field(2, height),
    fixed64Field(3, round),
    isZeroBlockId(blockId) ? new Uint8Array(0) : messageField(4, BlockId.encode(blockId)),
    messageField(5, Timestamp.encode(timestamp)),
    bytesField(6, chainIdKind.encode(chainId)),
  ]);
  return concatBytes([encodeVarint(vote.length), vote]);
}
