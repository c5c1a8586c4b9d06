import { Refusal } from "@galen/ledger/app/refusal";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import { errors as txErrors } from "@galen/ledger/tx/errors";
import { encodeTransaction, type Message, type Signature, type StorageReceipt, signBytes } from "@galen/ledger/tx/transaction";
import type { Actor } from "../client/actor.ts";
import type { BeforeSigning, Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { rules } from "../client/rules.ts";
import { chainIdOf } from "../client/status.ts";
import type { Signer } from "../keys/signer.ts";

/** Long enough for a slow connection and a clock that is minutes off, well within what networks allow. */
const LIFETIME_MS = 300_000;

export interface TransactionOptions {
  /** Everybody who authorises; the first is the one that acts where a message names nobody. */
  readonly actors: readonly Actor[];
  readonly messages: readonly Message[];
  /** Of the blobs that the messages name. */
  readonly receipts?: readonly StorageReceipt[];
  /** Block time from which the transaction is worth nothing, milliseconds since 1970; default five minutes from now. */
  readonly expiresAt?: number;
  /** In place of the client's. */
  readonly beforeSigning?: BeforeSigning | undefined;
}

/** A signed transaction, ready to be sent any number of times: its body counts once. */
export interface SignedTransaction {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the bytes, hex. */
  readonly txHash: string;
  readonly expiresAt: number;
}

/** Builds and signs a transaction. Rejects with GalenError tx/InvalidMessage, tx/UnknownMessage, tx/TooLarge. */
export async function buildTransaction(client: Client, options: TransactionOptions): Promise<SignedTransaction> {
  const { actors, messages, receipts = [], expiresAt = client.now() + LIFETIME_MS, beforeSigning = client.beforeSigning } = options;
  const chainId = await chainIdOf(client);
  const salt = bytesToHex(client.random(8));
  const bodyBytes = encode(() =>
    rules.codec.encodeBody({ chainId, signers: actors.map(({ account }) => account), expiresAt, salt, messages }),
  );
  await beforeSigning?.(bodyBytes);
  const signatures = await sign(
    actors.flatMap(({ signers }) => signers),
    signBytes(bodyBytes),
  );
  const bytes = Uint8Array.from(encode(() => encodeTransaction({ bodyBytes, signatures, receipts })));
  return { bytes, txHash: bytesToHex(client.crypto.sha256(bytes)), expiresAt };
}

/** Every key signs once, also if it belongs to several actors. */
function sign(signers: readonly Signer[], message: Uint8Array): Promise<Signature[]> {
  const distinct = new Map(signers.map((signer) => [bytesToHex(signer.publicKey), signer]));
  const signing = [...distinct].map(async ([publicKey, signer]) => {
    return { keyType: signer.keyType, publicKey, signature: bytesToHex(await signer.sign(message)) };
  });
  return Promise.all(signing);
}

function encode(run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof Refusal) throw galenError(cause, { cause });
    // What fits its schemas and does not fit the limit of a transaction.
    if (cause instanceof SchemaError) throw galenError(txErrors.TooLarge({ reason: cause.reason }), { cause });
    throw cause;
  }
}
