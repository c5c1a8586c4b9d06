import { entropyToMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { normalWords, seedFromCheckedWords } from "./checked-words.ts";
import { KeyError } from "./key-error.ts";
import type { RandomSource } from "./random.ts";

/** New seed words: 24 English ones of BIP-39, for 32 random bytes. All keys of a person follow from them. */
export function createSeedWords(random: RandomSource): string {
  return entropyToMnemonic(random(32), wordlist);
}

/**
 * The seed of 64 bytes that BIP-39 makes of the words. Case and spacing are forgiven, because people write words down.
 *
 * @param options.passphrase BIP-39's optional secret besides the words; another one gives other keys, never an error
 * @throws KeyError `WordsInvalid` for an unknown word, a wrong number of words or a wrong checksum
 */
export async function seedFromWords(words: string, options: { readonly passphrase?: string } = {}): Promise<Uint8Array> {
  if (!validateMnemonic(normalWords(words), wordlist)) {
    throw new KeyError("WordsInvalid", "These are not valid seed words: check the spelling, the order and that none is missing.");
  }
  return seedFromCheckedWords(words, options.passphrase);
}
