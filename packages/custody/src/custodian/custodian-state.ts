import type { SealingKey } from "./sealing.ts";

/** A custodian's share of the collective key. */
export interface HeldShare {
  readonly epoch: number;
  /** Place among the custodians, from 1. */
  readonly index: number;
  /** x_i, scalar of 32 bytes. */
  readonly share: Uint8Array;
}

/** What a custodian has dealt in a ceremony: to send it again after a crash, and to answer complaints. */
export interface OwnDealing {
  readonly ceremonyId: string;
  readonly commitments: readonly Uint8Array[];
  readonly proof: Uint8Array;
  readonly sealedShares: readonly Uint8Array[];
  /** In clear, in the order of the receivers. */
  readonly shares: readonly Uint8Array[];
}

/** Everything that a custodian must not forget. All of it is secret. */
export interface CustodianState {
  /** Offered for the next ceremony, kept until that is over. */
  readonly sealingKey: SealingKey;
  readonly dealing?: OwnDealing;
  /** Of the present epoch only: earlier shares are overwritten, so that what is stolen later opens nothing. */
  readonly held?: HeldShare;
}

/** Where the state is kept: a file that only the custodian can read. */
export interface CustodianStatePort {
  /** Undefined before the first write. */
  read(): Promise<CustodianState | undefined>;
  /** Resolves when the new state is durable and the former one gone. */
  write(state: CustodianState): Promise<void>;
}
