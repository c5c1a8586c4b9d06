import { KeyError } from "@galen/sdk/keys/key-error";
import { openWordsFile } from "@galen/sdk/keys/words-file";
import { wordsOfPasskey } from "./passkey.ts";
import type { SavedPerson } from "./people-store.ts";
import { enter } from "./person.ts";

/** Unlocks somebody whose keys this browser keeps. Rejects with KeyError PasswordWrong. */
export async function unlock(person: SavedPerson, passphrase: string): Promise<void> {
  const { lock } = person;
  if (lock.kind === "town") throw new KeyError("PasswordWrong", "the sample town's people are entered from the start page");
  const words = lock.kind === "passkey" ? await wordsOfPasskey(lock) : (await openWordsFile(lock.keyFile, passphrase)).words;
  await enter(person, words);
}
