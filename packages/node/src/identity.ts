import type { Ledger } from "@galen/ledger/app/ledger";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { Ed25519Key } from "./keys/ed25519-key.ts";

/** What a part of the node needs to act for it: the ledger, the key that the network knows it by, the clock. */
export interface Identity {
  readonly ledger: Ledger;
  readonly crypto: CryptoProvider;
  /** Signs blocks, storage receipts, and requests to other nodes. */
  readonly validator: Ed25519Key;
  /** The node's clock, milliseconds since 1970. */
  readonly now: () => number;
}
