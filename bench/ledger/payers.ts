import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from "node:crypto";
import { compileVersion } from "@galen/ledger/app/version";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { encodeTransaction, type Message, signBytes } from "@galen/ledger/tx/transaction";
import { nativeCrypto } from "@galen/node/crypto/native";
import { accountId, paymentsVersion } from "./payments.ts";

export const CHAIN_ID = "payments-bench";
const KEYS = 1_000;
/** Transactions may expire this late: the least that outlives a run. */
const LIFETIME_MS = 840_000;
// DER of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410).
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

interface Key {
  readonly secret: KeyObject;
  readonly publicKey: string;
}

/** The keys of all accounts: account n has key n modulo 1,000. */
export const keys: readonly Key[] = Array.from({ length: KEYS }, (_, number) => {
  const seed = hash("sha256", `payments bench key ${number}`, "buffer");
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  return { secret, publicKey: bytesToHex(publicKey) };
});

const { codec } = compileVersion(paymentsVersion);

function signedBy({ secret, publicKey }: Key, signer: string, salt: number, messages: readonly Message[]): Uint8Array {
  const body = {
    chainId: CHAIN_ID,
    signers: [signer],
    expiresAt: Date.now() + LIFETIME_MS,
    salt: salt.toString(16).padStart(16, "0"),
    messages,
  };
  const bodyBytes = codec.encodeBody(body);
  const signature = bytesToHex(sign(null, signBytes(bodyBytes), secret));
  return encodeTransaction({ bodyBytes, signatures: [{ keyType: "ed25519", publicKey, signature }], receipts: [] });
}

/** Opens `count` accounts from number `first` on. */
export function openingOf(first: number, count: number): Uint8Array {
  const key = keys[0]!;
  return signedBy(key, key.publicKey, first, [{ type: "payments.open", value: { first, count } }]);
}

/** How many payments `firstPaymentOf` has. */
export function firstPayments(accounts: number): number {
  return Math.ceil(accounts / 3);
}

/** Payments that together name every account: after them the caches are as full as in a node that has run for hours. */
export function firstPaymentOf(number: number, accounts: number): Uint8Array {
  const payer = 3 * number;
  return paymentAmong(payer, (payer + 1) % accounts, (payer + 2) % accounts, number);
}

/** The payment with this number: payer, payee and broker spread evenly over the accounts, the same in every run. */
export function paymentOf(number: number, accounts: number): Uint8Array {
  const draw = hash("sha256", `payment ${number}`, "buffer");
  const [payer, payee, broker] = [0, 4, 8].map((at) => draw.readUInt32BE(at) % accounts) as [number, number, number];
  return paymentAmong(payer, payee, broker, firstPayments(accounts) + number);
}

function paymentAmong(payer: number, payee: number, broker: number, number: number): Uint8Array {
  const [signer, payeeId, brokerId] = [payer, payee, broker].map((account) => accountId(account, nativeCrypto)) as [string, string, string];
  const value = { payee: payeeId, broker: brokerId, amount: 1 + (number % 100) };
  return signedBy(keys[payer % KEYS]!, signer, 2 ** 32 + number, [{ type: "payments.pay", value }]);
}
