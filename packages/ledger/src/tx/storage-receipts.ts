import type { ReadContext } from "../app/context.ts";
import { validators } from "../app/parameters.ts";
import { hexToBytes } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { merkleRoot } from "../crypto/rfc6962.ts";
import { encodeUtf8 } from "../crypto/utf8.ts";
import { errors } from "./errors.ts";
import type { StorageReceipt } from "./transaction.ts";

/** What nodes take for one blob: all those of one transaction are sent in one request. */
export const MAX_BLOB_BYTES = 16_777_216;

/** The bytes a validator signs to state that it durably holds all of `blobs` (addresses, hexadecimal, in the order of the messages). */
export function receiptBytes(chainId: string, blobs: readonly string[], sha256: CryptoProvider["sha256"]): Uint8Array {
  const domain = encodeUtf8(`galen/storage-receipt/1:${chainId}:`)!;
  const root = merkleRoot(
    blobs.map((address) => hexToBytes(address)!),
    sha256,
  );
  const bytes = new Uint8Array(domain.length + root.length);
  bytes.set(domain);
  bytes.set(root, domain.length);
  return bytes;
}

/**
 * Refuses with tx/MissingReceipts, ForgedReceipt or TooFewReceipts unless the receipts cover the blobs with more than two thirds of the voting
 * power; without blobs there are none.
 */
export function requireReceipts(context: ReadContext, blobs: readonly string[], receipts: readonly StorageReceipt[]): void {
  // Receipts for nothing would let whoever passes a transaction on give it another hash.
  if (blobs.length === 0 && receipts.length > 0) throw errors.ForgedReceipt({ publicKey: receipts[0]!.publicKey });
  if (blobs.length === 0) return;
  if (receipts.length === 0) throw errors.MissingReceipts({ blobs: blobs.length });

  const set = validators.get(context, "current")?.validators ?? [];
  const message = receiptBytes(context.chainId, blobs, context.crypto.sha256);
  const counted = new Set<string>();
  let held = 0;
  for (const { publicKey, signature } of receipts) {
    const validator = set.find((candidate) => candidate.publicKey === publicKey);
    const valid = validator && context.crypto.verifyEd25519(hexToBytes(publicKey)!, message, hexToBytes(signature)!);
    if (!validator || !valid || counted.has(publicKey)) throw errors.ForgedReceipt({ publicKey });
    counted.add(publicKey);
    held += validator.power;
  }
  const total = set.reduce((sum, { power }) => sum + power, 0);
  if (held * 3 <= total * 2) throw errors.TooFewReceipts({ heldPower: held, totalPower: total });
}
