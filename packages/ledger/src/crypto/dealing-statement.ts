import { requireHexBytes } from "./hex.ts";
import type { CryptoProvider } from "./provider.ts";
import { transcriptHash } from "./transcript.ts";
import { encodeUtf8 } from "./utf8.ts";

/** What a dealing in a key generation or resharing is bound to. */
export interface DealingStatement {
  readonly chainId: string;
  /** Id of this round of dealing, 32 bytes hex: a proof of one round is worthless in another. */
  readonly roundId: string;
  /** Index of the dealer, from 1. */
  readonly dealer: number;
}

/** Context of a dealer's proof of possession of its constant term, 32 bytes. */
export function dealingContext(crypto: CryptoProvider, { chainId, roundId, dealer }: DealingStatement): Uint8Array {
  return transcriptHash(crypto, "galen/dealing", [encodeUtf8(chainId)!, requireHexBytes(roundId, 32), Uint8Array.of(dealer)]);
}
