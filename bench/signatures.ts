import { ed25519 } from "@noble/curves/ed25519.js";
import { nativeCrypto } from "@galen/node/crypto/native";
import { type Figure, medianMs } from "./measure.ts";

/** Signature verifications per second of one core with the library in use: the first limit of the ledger. */
export async function verificationsPerSecond(): Promise<number> {
  const secretKey = new Uint8Array(32).fill(7);
  const publicKey = ed25519.getPublicKey(secretKey);
  const messages = Array.from({ length: 1_000 }, (_, i) => new Uint8Array(300).fill(i));
  const signatures = messages.map((message) => ed25519.sign(message, secretKey));
  const ms = await medianMs(5, () => {
    for (const [i, message] of messages.entries()) {
      if (!nativeCrypto.verifyEd25519(publicKey, message, signatures[i]!)) throw new Error("a valid signature was refused");
    }
  });
  return (messages.length / ms) * 1_000;
}

if (import.meta.main) {
  const value = await verificationsPerSecond();
  const figures: Figure[] = [{ name: "Ed25519 verify, one core", value, unit: "/s" }];
  console.log(JSON.stringify(figures));
}
