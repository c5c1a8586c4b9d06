import { type AccountKind, AccountKind as AccountKindSchema } from "@galen/ledger/modules/accounts/schema";
import { KeyError } from "./key-error.ts";
import { openKeyFile, sealKeyFile } from "./key-file.ts";
import type { RandomSource } from "./random.ts";
import { seedFromWords } from "./seed.ts";

/** All that another device needs to be the same account. */
export interface WordsFile {
  /** 24 seed words. */
  readonly words: string;
  readonly name: string;
  readonly kind: AccountKind;
}

const kinds = (AccountKindSchema as unknown as { readonly enum: readonly AccountKind[] }).enum;

/** Seed words with their name as a key file, which the command line and the web app exchange. */
export async function sealWordsFile({ words, name, kind }: WordsFile, password: string, random?: RandomSource): Promise<string> {
  return sealKeyFile(new TextEncoder().encode(JSON.stringify({ words, name, kind })), password, random);
}

/**
 * The account in a key file.
 *
 * @throws KeyError like `openKeyFile`, `KeyFileBroken` for a key file that holds something else than words
 */
export async function openWordsFile(text: string, password: string): Promise<WordsFile> {
  const { words, name, kind } = parseWords(await openKeyFile(text, password));
  const known = kinds.find((one) => one === kind);
  if (typeof words !== "string" || typeof name !== "string" || known === undefined) throw noWords();
  await seedFromWords(words);
  return { words, name, kind: known };
}

function parseWords(secret: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(new TextDecoder().decode(secret)) as object) };
  } catch (cause) {
    throw noWords({ cause });
  }
}

function noWords(options?: { readonly cause: unknown }): KeyError {
  return new KeyError("KeyFileBroken", "This key file holds no seed words of an account: use the one that was exported for it.", options);
}
