import { mnemonicToSeedWebcrypto } from "@scure/bip39";

/** Seed words as BIP-39 writes them: case and spacing are forgiven, because people write words down. */
export function normalWords(words: string): string {
  return words.normalize("NFKD").trim().toLowerCase().split(/\s+/).join(" ");
}

/**
 * The seed of 64 bytes of words that were checked before, such as those in a wallet's own lock: whoever opens that needs no list of words. Other words
 * give other keys, so compare the account that comes out. `seedFromWords` is for words that somebody types.
 *
 * @param passphrase BIP-39's optional secret besides the words
 */
export async function seedFromCheckedWords(words: string, passphrase?: string): Promise<Uint8Array> {
  return mnemonicToSeedWebcrypto(normalWords(words), passphrase);
}
