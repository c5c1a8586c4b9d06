import type { Signer } from "../keys/signer.ts";

/** An account in whose name something is done, with the signers that carry its threshold. */
export interface Actor {
  /** Hex, 32 bytes. */
  readonly account: string;
  /** For requests to a node the first must carry the threshold alone. */
  readonly signers: readonly Signer[];
}
