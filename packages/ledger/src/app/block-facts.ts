/** What an engine knows of a block besides its transactions. Every node is told the same; modules see it in `onBlock` and nowhere else. */
export interface BlockFacts {
  /** Hash of the block's header, hex of 32 bytes. */
  readonly hash: string;
  /** How the set of the block before voted on it, in set order; none in the first block. */
  readonly votes: readonly BlockVote[];
  /** What validators were convicted of since the last block; an engine may report one case more than once. */
  readonly misbehavior: readonly Misbehavior[];
}

/** One validator's part in making the last block final. */
export interface BlockVote {
  /** First 20 bytes of the SHA-256 of its key, hex. */
  readonly address: string;
  readonly power: number;
  /** Whether its vote arrived in time, for the block or for none. */
  readonly signed: boolean;
}

/** Evidence that an engine has verified, as CometBFT's `abci.Misbehavior` tells it. */
export interface Misbehavior {
  readonly kind: "duplicateVote" | "lightClientAttack";
  readonly address: string;
  /** Power of the validator at `height`. */
  readonly power: number;
  /** Height at which it happened. */
  readonly height: number;
  /** Time of that height, milliseconds since 1970. */
  readonly time: number;
  /** Power of the whole set at that height. */
  readonly totalPower: number;
}

/** Of a block whose engine tells nothing: for chains in memory. */
export const noFacts: BlockFacts = { hash: "00".repeat(32), votes: [], misbehavior: [] };
