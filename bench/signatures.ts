import { nativeCrypto } from "@galen/node/crypto/native";
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Figure, medianMs } from "./measure.ts";

const MESSAGES = 500;
const secretKey = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(secretKey);
const signed = Array.from({ length: MESSAGES }, (_, i) => {
  const message = new Uint8Array(300).fill(i);
  return { message, signature: ed25519.sign(message, secretKey) };
});

/** Signature verifications per second of one core with the library in use: the first limit of the ledger. */
export async function verificationsPerSecond(): Promise<number> {
  return (MESSAGES / (await medianMs(7, verifyAll))) * 1_000;
}

/** Microseconds of processor time that one verification takes, which a busy machine changes less than its rate. */
export function verificationUs(): number {
  const begin = process.threadCpuUsage();
  verifyAll();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / MESSAGES;
}

function verifyAll(): void {
  for (const { message, signature } of signed) {
    if (!nativeCrypto.verifyEd25519(publicKey, message, signature)) throw new Error("a valid signature was refused");
  }
}

if (import.meta.main) {
  const value = await verificationsPerSecond();
  const figures: Figure[] = [{ name: "Ed25519 verify, one core", value, unit: "/s" }];
  console.log(JSON.stringify(figures));
}
