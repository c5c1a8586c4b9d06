import { KeyError } from "@galen/sdk/keys/key-error";
import { openWordsFile } from "@galen/sdk/keys/words-file";
import { queries } from "../frame/queries.ts";
import { wordsOfPasskey } from "./passkey.ts";
import type { SavedPerson } from "./people-store.ts";
import { enter } from "./person.ts";
import { townQuery } from "./sample-town.ts";

/** Unlocks somebody whose keys this browser keeps. Rejects with KeyError PasswordWrong. */
export async function unlock(person: SavedPerson, passphrase: string): Promise<void> {
  await enter(person, await wordsOf(person, passphrase));
}

/** The seed words of somebody whose keys this browser keeps. Rejects with KeyError PasswordWrong. */
export async function wordsOf({ lock, account }: SavedPerson, passphrase: string): Promise<string> {
  if (lock.kind === "passkey") return wordsOfPasskey(lock);
  if (lock.kind === "passphrase") return (await openWordsFile(lock.keyFile, passphrase)).words;
  const found = (await queries.query(townQuery))?.people.find((one) => one.account === account);
  if (!found) throw new KeyError("PasswordWrong", "The sample town knows nobody of this account.");
  return found.words;
}
