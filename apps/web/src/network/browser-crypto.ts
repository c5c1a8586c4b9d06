import { portableCrypto } from "@galen/ledger/crypto/portable";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";

let { ristretto255 } = portableCrypto;
let isFetched = false;

/**
 * The reference provider, with a faster ristretto255 once it is there: it comes when somebody first asks another to open something, and the reference computes until
 * then, and for good where it does not come.
 */
export const browserCrypto: CryptoProvider = {
  ...portableCrypto,
  get ristretto255() {
    if (!isFetched) void hasten();
    return ristretto255;
  },
};

async function hasten(): Promise<void> {
  isFetched = true;
  try {
    const { fetchRistretto255 } = await import("./fast-ristretto255.ts");
    ristretto255 = await fetchRistretto255();
  } catch {
    isFetched = false; // perhaps without a network: the next one asks again
  }
}
