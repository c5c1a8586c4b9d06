import { createPrivateKey, createPublicKey, hash, randomBytes, sign } from "node:crypto";
import { compileVersion } from "@galen/ledger/app/version";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { accountIdOf } from "@galen/ledger/modules/accounts/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { encodeTransaction, signBytes } from "@galen/ledger/tx/transaction";
import { nativeCrypto } from "@galen/node/crypto/native";

/** A transaction that creates one account, and whose. */
export interface SignedCreation {
  readonly bytes: Uint8Array;
  readonly txHash: string;
  readonly account: string;
}

/** The least that outlives a run, within what the network allows. */
const LIFETIME_MS = 840_000;
// DER of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const { codec } = compileVersion(ledgerVersions.at(-1)!);

/** Transactions of one signature each that depend on nothing: any of them may come first, or not at all. */
export function signCreations(chainId: string, count: number): readonly SignedCreation[] {
  return Array.from({ length: count }, () => signCreation(chainId));
}

function signCreation(chainId: string): SignedCreation {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, randomBytes(32)]), format: "der", type: "pkcs8" });
  const publicKey = bytesToHex(createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32));
  const keys = { keys: [{ keyType: "ed25519" as const, publicKey, weight: 1 }], threshold: 1, recordKey: publicKey };
  const value = { ...keys, kind: "person" as const, salt: randomBytes(16).toString("hex") };
  const account = accountIdOf(value, nativeCrypto);
  const bodyBytes = codec.encodeBody({
    chainId,
    signers: [account],
    expiresAt: Date.now() + LIFETIME_MS,
    salt: randomBytes(8).toString("hex"),
    messages: [{ type: "accounts.create", value }],
  });
  const signature = bytesToHex(sign(null, signBytes(bodyBytes), secret));
  const bytes = encodeTransaction({ bodyBytes, signatures: [{ keyType: "ed25519", publicKey, signature }], receipts: [] });
  return { bytes, txHash: hash("sha256", bytes), account };
}

/** Transactions for CometBFT's kvstore, `key=value`, as large as those that they stand beside. */
export function keyValueTransactions(count: number, sizeBytes: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () => {
    const head = `${randomBytes(12).toString("hex")}=`;
    return Buffer.from(
      head +
        randomBytes(sizeBytes)
          .toString("hex")
          .slice(0, sizeBytes - head.length),
    );
  });
}
