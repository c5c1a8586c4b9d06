import { openWordsFile } from "@galen/sdk/keys/words-file";
import { requireNetwork } from "../network/network.tsx";
import { wordsOfPasskey } from "./passkey.ts";
import type { SavedPerson } from "./people-store.ts";
import { enter, heldBy } from "./person.ts";

/**
 * Unlocks somebody whose keys this browser keeps. An account of which the ledger did not hear when the wallet was made is made now: without one there is nothing to open.
 * Rejects with KeyError PasswordWrong, then with GalenError, and where the signal says that whoever asked has thought better of it: nothing is open then.
 */
export async function unlock(person: SavedPerson, passphrase: string, signal: AbortSignal): Promise<void> {
  const words = await wordsOf(person, passphrase);
  signal.throwIfAborted();
  const own = person.isUnfounded ? await founded(person, words) : person;
  signal.throwIfAborted();
  await enter(own, words);
}

/** Almost every wallet has its account: what makes one is loaded for those that have none. */
async function founded(person: SavedPerson, words: string): Promise<SavedPerson> {
  const [{ client }, { foundAccount }] = await Promise.all([requireNetwork(), import("./found-account.ts")]);
  return foundAccount(client, person, await heldBy(person, words));
}

/** The seed words of somebody whose keys this browser keeps. Rejects with KeyError PasswordWrong. */
export async function wordsOf({ lock }: SavedPerson, passphrase: string): Promise<string> {
  if (lock.kind === "passkey") return wordsOfPasskey(lock);
  if (lock.kind === "passphrase") return (await openWordsFile(lock.keyFile, passphrase)).words;
  return lock.words;
}
