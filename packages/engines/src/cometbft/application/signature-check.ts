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

  function prepare(bytes: Uint8Array): PreparedTransaction | undefined {
    try {
      return ledger.prepare(bytes);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  /** Those without a verdict, up to the first that is no transaction. A proposal with one is refused, however many follow: a block has room for millions. */
  function unverified(txs: readonly Uint8Array[]): PreparedTransaction[] {
    const found: PreparedTransaction[] = [];
    for (const bytes of txs) {
      const prepared = prepare(bytes);
      if (!prepared) break;
      if (prepared.signaturesValid === undefined) found.push(prepared);
    }
    return found;
  }

  return {
    verify,
    async verifyAll(txs) {
      if (!verifySignatures) return;
      await Promise.all(unverified(txs).map((prepared) => verify(prepared).catch(ignoreRefusal)));
    },
  };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
