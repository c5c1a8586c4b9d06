import { randomBytes } from "node:crypto";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { decryptAesGcm, encryptAesGcm, GCM_NONCE_SIZE, importAesKey } from "@galen/sdk/seal/aes-gcm";
import { errors } from "../errors.ts";

/** Encrypts texts of the wallet under its master key (32 bytes): AES-256-GCM, fresh nonce in front, bound to a label; sealed texts are hexadecimal. */
export interface Sealer {
  seal(label: string, text: string): Promise<string>;
  /** Throws Refusal cli/BrokenWallet. */
  open(label: string, sealed: string): Promise<string>;
}

export async function createSealer(masterKey: Uint8Array): Promise<Sealer> {
  const key = await importAesKey(masterKey);
  const additionalData = (label: string) => encodeUtf8(`galen-wallet/1/${label}`)!;
  return {
    async seal(label, text) {
      const nonce = Uint8Array.from(randomBytes(GCM_NONCE_SIZE));
      return bytesToHex(
        concatBytes([nonce, await encryptAesGcm(key, { nonce, additionalData: additionalData(label) }, Buffer.from(text))]),
      );
    },
    async open(label, sealed) {
      const bytes = hexToBytes(sealed.trim()) ?? new Uint8Array(0);
      const nonce = bytes.subarray(0, GCM_NONCE_SIZE);
      const parameters = { nonce, additionalData: additionalData(label) };
      const text = bytes.length > GCM_NONCE_SIZE ? await decryptAesGcm(key, parameters, bytes.subarray(GCM_NONCE_SIZE)) : undefined;
      if (text === undefined) throw errors.BrokenWallet({ file: label });
      return Buffer.from(text).toString("utf8");
    },
  };
}
