import { Commit } from "@galen/ledger/block/commit";
import { precommitSignBytes } from "@galen/ledger/block/vote";

/** The last vote that the key gave, so that it never gives a second one for another block at that height. */
export interface LastSigned {
  readonly height: number;
  readonly round: number;
  /** 3 for a precommit (cometbft privval/file.go). */
  readonly step: number;
  /** The canonical vote, with its length in front. */
  readonly signBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** The protobuf commit that the vote makes, and the block it is for: with them the block is finished after a crash. */
  readonly commit: Uint8Array;
  readonly block: Uint8Array;
}

/** Where the last vote is kept, outside the store of the chain: an old copy of the store must not lead to a second vote. */
export interface LastSignedPort {
  /** The vote of the last write that became durable, undefined before the first. */
  read(): Promise<LastSigned | undefined>;
  /** Resolves when the vote is durable. Called one at a time. */
  write(vote: LastSigned): Promise<void>;
}

const PRECOMMIT_STEP = 3;

/** The one vote in `commit`, for the block in `block`. */
export function voteOf(commit: Commit, chainId: string, block: Uint8Array): LastSigned {
  const { height, round } = commit;
  const { signature } = commit.signatures[0]!;
  return { height, round, step: PRECOMMIT_STEP, signBytes: voteBytes(commit, chainId), signature, commit: Commit.encode(commit), block };
}

/** What the one validator of `commit` signed. */
export function voteBytes({ height, round, blockId, signatures }: Commit, chainId: string): Uint8Array {
  return precommitSignBytes({ chainId, height, round, blockId, timestamp: signatures[0]!.timestamp });
}
