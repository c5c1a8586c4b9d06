import type { StateProof } from "./state-proof.ts";
import type { TransactionProof } from "./transaction-proof.ts";

/** A fact of the ledger with all that a stranger needs to check it. */
export type Proof = StateProof | TransactionProof;
