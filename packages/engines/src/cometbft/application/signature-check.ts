import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";

/** Where signatures are verified, such as in threads of their own. Rejects with Refusal when too many wait. */
export type VerifySignatures = (bytes: Uint8Array) => Promise<boolean>;

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
    if (verifySignatures) prepared.signaturesValid ??= await verifySignatures(prepared.bytes);
  }

  /** The transaction, unless its verdict is known or nobody needs one. */
  function unverified(bytes: Uint8Array): PreparedTransaction | undefined {
    try {
      const prepared = ledger.prepare(bytes);
      return prepared.signaturesValid === undefined ? prepared : undefined;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  return {
    verify,
    async verifyAll(txs) {
      if (!verifySignatures) return;
      await Promise.all(txs.flatMap((bytes) => unverified(bytes) ?? []).map((prepared) => verify(prepared).catch(ignoreRefusal)));
    },
  };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
