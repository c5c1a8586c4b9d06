import { concatBytes } from "@galen/ledger/crypto/bytes";
import { requireHexBytes } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";

/** An X25519 key pair, 32 bytes each. */
export interface SealingKey {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** What a sealed share is bound to, on both sides (RFC 9180 `info` and `aad`). */
export interface ShareBinding {
  readonly info: Uint8Array;
  readonly additionalData: Uint8Array;
}

/** HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM, as the node brings it. */
export interface SealingScheme {
  newKey(): SealingKey;
  /** Encapsulated key (32 bytes) ‖ ciphertext ‖ tag (16). */
  seal(publicKey: Uint8Array, plaintext: Uint8Array, binding: ShareBinding): Promise<Uint8Array>;
  /** Undefined if it was sealed to another key or binding, or changed. */
  open(key: SealingKey, sealed: Uint8Array, binding: ShareBinding): Promise<Uint8Array | undefined>;
}

/** Binds a share to its ceremony, dealer and receiver: moved anywhere else it does not open. */
export function shareBinding({ ceremonyId, dealer, receiver }: { ceremonyId: string; dealer: number; receiver: number }): ShareBinding {
  return {
    info: encodeUtf8("galen/custody-share/1")!,
    additionalData: concatBytes([requireHexBytes(ceremonyId, 32), Uint8Array.of(dealer, receiver)]),
  };
}
