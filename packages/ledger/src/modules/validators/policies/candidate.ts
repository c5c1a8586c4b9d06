/** What a policy knows of a node that may have power. */
export interface Candidate {
  readonly organisation: string;
  readonly publicKey: string;
  /** Shares that the organisation itself has bonded. */
  readonly ownStake: number;
  /** Shares that anybody has bonded to the node. */
  readonly totalStake: number;
  /** Solutions in the window. */
  readonly solutions: number;
  /** Whether it had power when the policy of work began. */
  readonly isFounder: boolean;
}

/** A node with its part of the power, in proportion to the others. */
export interface Weighted {
  readonly candidate: Candidate;
  /** More than zero. */
  readonly weight: bigint;
}
