import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { sealWordsFile, type WordsFile } from "@galen/sdk/keys/words-file";
import { submit } from "@galen/sdk/transactions/submit";
import { lockWithPasskey } from "./passkey.ts";
import { type SavedPerson, savePerson } from "./people-store.ts";
import { accountOfWords, enter } from "./person.ts";

/** Words, name and kind of an account that this browser shall keep. */
export type NewWallet = WordsFile;

export interface AddOptions {
  readonly wallet: NewWallet;
  readonly lock: { readonly kind: "passphrase"; readonly passphrase: string } | { readonly kind: "passkey" };
  /** Whether the account is made on the ledger. */
  readonly isNew: boolean;
}

/** Keeps a wallet in this browser, locked, and opens it in this tab. The keys are kept before the ledger hears of the account. */
export async function addWallet(client: Client, { wallet, lock, isNew }: AddOptions): Promise<void> {
  const own = await accountOfWords(wallet.words, wallet.kind);
  const saved: SavedPerson = {
    account: own.account,
    name: wallet.name,
    kind: wallet.kind,
    lock:
      lock.kind === "passkey"
        ? await lockWithPasskey(wallet.words, wallet.name)
        : { kind: "passphrase", keyFile: await sealWordsFile(wallet, lock.passphrase) },
    createdAt: Date.now(),
  };
  await savePerson(saved);
  if (isNew) await unlessExists(submit(client, { actors: [own], messages: [own.creation] }));
  await enter(saved, wallet.words);
}

async function unlessExists(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== "accounts/AlreadyExists") throw error;
  }
}
