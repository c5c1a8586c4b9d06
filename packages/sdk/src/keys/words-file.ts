import { type AccountKind, AccountKind as AccountKindSchema } from "@galen/ledger/modules/accounts/schema";
import { KeyError } from "./key-error.ts";
import { openKeyFile, type Scrypt, sealKeyFile } from "./key-file.ts";
import { seedFromWords } from "./seed.ts";

/** All that another device needs to be the same account. */
export interface WordsFile {
  /** 24 seed words. */
  readonly words: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** The account, where guardians have given it these keys; without it, it follows from the words. Hex, 32 bytes. */
  readonly account?: string;
}

const kinds = (AccountKindSchema as unknown as { readonly enum: readonly AccountKind[] }).enum;

/** Seed words with their name as a key file, which the command line and the web app exchange. */
export async function sealWordsFile({ words, name, kind, account }: WordsFile, password: string, scrypt?: Scrypt): Promise<string> {
  return sealKeyFile(new TextEncoder().encode(JSON.stringify({ words, name, kind, account })), password, scrypt);
}

/**
 * The account in a key file.
 *
 * @throws KeyError like `openKeyFile`, `KeyFileBroken` for a key file that holds something else than words
 */
export async function openWordsFile(text: string, password: string, scrypt?: Scrypt): Promise<WordsFile> {
  const { words, name, kind, account } = parseWords(await openKeyFile(text, password, scrypt));
  const known = kinds.find((one) => one === kind);
  if (typeof words !== "string" || typeof name !== "string" || known === undefined) throw noWords();
  if (account !== undefined && !isAccount(account)) throw noWords();
  await seedFromWords(words);
  return { words, name, kind: known, ...(account !== undefined && { account }) };
}

function isAccount(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function parseWords(secret: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(new TextDecoder().decode(secret)) as object) };
  } catch {
    // Without the cause: an error of JSON repeats the beginning of the text, which is a secret.
    throw noWords();
  }
}

function noWords(): KeyError {
  return new KeyError("KeyFileBroken", "This key file holds no seed words of an account: use the one that was exported for it.");
}
