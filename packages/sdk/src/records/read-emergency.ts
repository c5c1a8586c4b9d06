import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { Client } from "../client/client.ts";
import { type GrantedReading, type ReadingOptions, readBy } from "./read-granted.ts";

/** A reason that the ledger knows as a hash only. Who reads keeps text and nonce, and shows both in the review. */
export interface CommittedReason {
  readonly text: string;
  /** Hex, 32 random bytes: without them short texts could be guessed from the hash. */
  readonly nonce: string;
  readonly reasonHash: string;
}

/** Commits to a stated reason: SHA-256(nonce ‖ UTF-8 text). Throws RangeError for a text that is no well-formed Unicode. */
export function commitReason(client: Pick<Client, "random" | "crypto">, text: string): CommittedReason {
  const bytes = encodeUtf8(text);
  if (!bytes) throw new RangeError("a reason is well-formed Unicode");
  const nonce = client.random(32);
  return { text, nonce: bytesToHex(nonce), reasonHash: bytesToHex(client.crypto.sha256(concatBytes([nonce, bytes]))) };
}

/** Options of a reading in an emergency. */
export interface EmergencyOptions extends ReadingOptions {
  /** Of `commitReason`. */
  readonly reasonHash: string;
}

/**
 * Reads without a grant because it cannot wait (`emergency.request`): the owner has allowed it, is told at once, and somebody reviews it. Each 64
 * objects are one use. Rejects like `readGranted`, with release/EmergencyNotAllowed and release/TooManyEmergencies besides.
 */
export function readEmergency(client: Client, { reasonHash, ...options }: EmergencyOptions): Promise<GrantedReading> {
  return readBy(client, options, (asked) => ({ type: "emergency.request", value: { ...asked, reasonHash } }));
}
