import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { verifyTransaction } from "@galen/ledger/tx/prepare";

const LENGTH_BYTES = 4;

/** Transactions on their way to another thread: one buffer, each behind its length. Its memory is its own, so it can be transferred. */
export function packBatch(transactions: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const batch = new Uint8Array(transactions.reduce((size, bytes) => size + LENGTH_BYTES + bytes.length, 0));
  const view = new DataView(batch.buffer);
  let at = 0;
  for (const bytes of transactions) {
    view.setUint32(at, bytes.length);
    batch.set(bytes, at + LENGTH_BYTES);
    at += LENGTH_BYTES + bytes.length;
  }
  return batch;
}

/** Per transaction of a batch, in order, whether all of its signatures fit. False of bytes that are no transaction. */
export function verifyBatch(batch: Uint8Array, crypto: CryptoProvider): boolean[] {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  const verdicts: boolean[] = [];
  for (let at = 0; at < batch.length; ) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint32(at);
    verdicts.push(verifyTransaction(batch.subarray(start, at), crypto));
  }
  return verdicts;
}
