import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { errors } from "./errors.ts";
import type { KeyType } from "./key-type.ts";
import { decodeEnvelope, signBytes, type Transaction, type TransactionCodec } from "./transaction.ts";

/** One signature to verify. */
export interface SignatureCheck {
  readonly keyType: KeyType;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A decoded transaction with its identities. `signaturesValid` is filled once, by whoever verifies first, and remembered until the block. */
export interface PreparedTransaction {
  readonly bytes: Uint8Array;
  /** SHA-256 of the whole bytes: the name of the transaction in blocks, as in CometBFT. */
  readonly txHash: string;
  /** SHA-256 of the signed body: what may execute only once, whoever adds or swaps signatures. */
  readonly bodyHash: string;
  readonly transaction: Transaction;
  signaturesValid: boolean | undefined;
}

/** Decodes and names a transaction. Throws Refusal tx/TooLarge, tx/Malformed, tx/UnknownMessage, tx/InvalidMessage. */
export function prepareTransaction(bytes: Uint8Array, codec: TransactionCodec, crypto: CryptoProvider): PreparedTransaction {
  const transaction = codec.decode(bytes);
  return {
    bytes,
    txHash: nameOf(bytes, crypto),
    bodyHash: nameOf(transaction.bodyBytes, crypto),
    transaction,
    signaturesValid: undefined,
  };
}

/** Of one hash at a time, which is text before the next one is made. */
const NAME = new Uint8Array(32);

function nameOf(bytes: Uint8Array, crypto: CryptoProvider): string {
  crypto.sha256Into(bytes, NAME, 0);
  return bytesToHex(NAME);
}

/** The signatures of a transaction's signers, over the exact bytes of its body. */
function signatureChecks({ bodyBytes, signatures }: Pick<Transaction, "bodyBytes" | "signatures">): SignatureCheck[] {
  const message = signBytes(bodyBytes);
  return signatures.map(({ keyType, publicKey, signature }) => ({
    keyType,
    publicKey: hexToBytes(publicKey)!,
    message,
    signature: hexToBytes(signature)!,
  }));
}

/** Whether every signature of a transaction fits. */
export function verifySignatures(transaction: Pick<Transaction, "bodyBytes" | "signatures">, crypto: CryptoProvider): boolean {
  return signatureChecks(transaction).every((check) => verifySignature(check, crypto));
}

/** Whether every signature of the transaction in `bytes` fits, whatever its messages say; false of bytes that are no transaction. */
export function verifyTransaction(bytes: Uint8Array, crypto: CryptoProvider): boolean {
  try {
    return verifySignatures(decodeEnvelope(bytes), crypto);
  } catch (error) {
    if (error instanceof SchemaError) return false;
    throw error;
  }
}

/** Verdict of one signature under the chain's rules. */
export function verifySignature({ keyType, publicKey, message, signature }: SignatureCheck, crypto: CryptoProvider): boolean {
  return keyType === "ed25519" ? crypto.verifyEd25519(publicKey, message, signature) : crypto.verifyP256(publicKey, message, signature);
}

/** Refuses with tx/BadSignature unless every signature fits; the verdict is remembered on `prepared`. */
export function requireSignatures(prepared: PreparedTransaction, crypto: CryptoProvider): void {
  prepared.signaturesValid ??= verifySignatures(prepared.transaction, crypto);
  if (!prepared.signaturesValid) throw errors.BadSignature();
}
