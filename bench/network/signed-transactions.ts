import { createPrivateKey, createPublicKey, hash, type KeyObject, randomBytes, sign } from "node:crypto";
import { compileVersion } from "@galen/ledger/app/version";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { accountIdOf } from "@galen/ledger/modules/accounts/index";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { encodeTransaction, type Message, signBytes } from "@galen/ledger/tx/transaction";
import { nativeCrypto } from "@galen/node/crypto/native";

/** A signed transaction. */
export interface SignedTransaction {
  readonly bytes: Uint8Array;
  readonly txHash: string;
}

/** A person whose account a transaction creates. */
export interface Signer {
  readonly account: string;
  readonly creation: SignedTransaction;
  /** Signs a transaction of one message. */
  sign(message: Message): SignedTransaction;
}

/** The least that outlives a run, within what the network allows. */
const LIFETIME_MS = 840_000;
// DER of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const TEN_YEARS_MS = 315_576_000_000;
const { codec } = compileVersion(ledgerVersions.at(-1)!);

/** A person with fresh keys. The creations of several depend on nothing: any of them may come first, or not at all. */
export function createSigner(chainId: string): Signer {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, randomBytes(32)]), format: "der", type: "pkcs8" });
  const publicKey = bytesToHex(createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32));
  const keys = { keys: [{ keyType: "ed25519" as const, publicKey, weight: 1 }], threshold: 1, recordKey: publicKey };
  const value = { ...keys, kind: "person" as const, salt: randomBytes(16).toString("hex") };
  const account = accountIdOf(value, nativeCrypto);
  const signed = (message: Message) => signTransaction({ chainId, account, publicKey, secret }, message);
  return { account, creation: signed({ type: "accounts.create", value }), sign: signed };
}

/** A grant to a reader, under an id of its own: what an owner does most. */
export function signGrant(owner: Signer, reader: string): SignedTransaction {
  const terms = { grantee: { kind: "person", account: reader }, covers: { kind: "everything" }, purposes: ["TREAT"] };
  const value = { grantId: randomBytes(32).toString("hex"), owner: owner.account, ...terms, from: 0, until: Date.now() + TEN_YEARS_MS };
  return owner.sign({ type: "vault.grant", value });
}

interface SigningKey {
  readonly chainId: string;
  readonly account: string;
  readonly publicKey: string;
  readonly secret: KeyObject;
}

function signTransaction({ chainId, account, publicKey, secret }: SigningKey, message: Message): SignedTransaction {
  const bodyBytes = codec.encodeBody({
    chainId,
    signers: [account],
    expiresAt: Date.now() + LIFETIME_MS,
    salt: randomBytes(8).toString("hex"),
    messages: [message],
  });
  const signature = bytesToHex(sign(null, signBytes(bodyBytes), secret));
  const bytes = encodeTransaction({ bodyBytes, signatures: [{ keyType: "ed25519", publicKey, signature }], receipts: [] });
  return { bytes, txHash: hash("sha256", bytes) };
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
