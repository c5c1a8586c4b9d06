import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";

/** Where signatures are verified, such as in threads of their own. Rejects with Refusal when too many wait. */
export type VerifySignatures = (prepared: PreparedTransaction) => Promise<boolean>;

/** Verifies signatures ahead of the ledger, which then finds the verdict and is not held up. */
export interface SignatureCheck {
  /** Of one transaction. Rejects with Refusal when too many wait. */
  verify(prepared: PreparedTransaction): Promise<void>;
  /** Of a block's. What could not be verified here the ledger verifies itself, so the verdict never depends on this. */
  verifyAll(txs: readonly Uint8Array[]): Promise<void>;
}

/** Without `verifySignatures` the ledger verifies all by itself. */
export function createSignatureCheck(ledger: Ledger, verifySignatures: VerifySignatures | undefined): SignatureCheck {
  async function verify(prepared: PreparedTransaction): Promise<void> {
    if (verifySignatures) prepared.signaturesValid ??= await verifySignatures(prepared);
  }

  async function verifyAhead(bytes: Uint8Array): Promise<void> {
    try {
      await verify(ledger.prepare(bytes));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  return {
    verify,
    async verifyAll(txs) {
      await Promise.all(txs.map(verifyAhead));
    },
  };
}
