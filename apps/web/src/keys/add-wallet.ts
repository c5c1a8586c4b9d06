import { recoveryRequest } from "@galen/sdk/accounts/recovery";
import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import { sealWordsFile, type WordsFile } from "@galen/sdk/keys/words-file";
import { submit } from "@galen/sdk/transactions/submit";
import { lockWithPasskey } from "./passkey.ts";
import { type SavedPerson, savedPerson, savePerson } from "./people-store.ts";
import { accountOfWords, enter } from "./person.ts";

/** Words, name and kind of an account that this browser shall keep; with the account, where guardians give or have given it these keys. */
export type NewWallet = WordsFile;

export interface AddOptions {
  readonly wallet: NewWallet;
  readonly lock: { readonly kind: "passphrase"; readonly passphrase: string } | { readonly kind: "passkey" };
  /** Whether guardians have yet to give the account these keys. */
  readonly isRecovering?: boolean;
}

/** The account has a wallet in this browser, which a new one would push out. */
export class WalletKeptError extends Error {
  override readonly name = "WalletKeptError";
}

/**
 * Keeps a wallet in this browser, locked, and opens it in this tab unless its keys are yet to be given. The keys are kept before the ledger hears of the
 * account. Rejects with WalletKeptError where a recovery would push out keys that may still be good.
 */
export async function addWallet(client: Client, { wallet, lock, isRecovering = false }: AddOptions): Promise<void> {
  const own = await accountOfWords(wallet.words, wallet.kind);
  const { account = own.account } = wallet;
  if (isRecovering && isKept(await savedPerson(account))) throw new WalletKeptError("this browser keeps a wallet of the account");
  const saved: SavedPerson = {
    account,
    name: wallet.name,
    kind: wallet.kind,
    lock:
      lock.kind === "passkey"
        ? await lockWithPasskey(wallet.words, wallet.name)
        : { kind: "passphrase", keyFile: await sealWordsFile(wallet, lock.passphrase) },
    createdAt: Date.now(),
    ...(account !== own.account && { givenKeys: recoveryRequest(account, own.keys) }),
    ...(isRecovering && { isRecovering }),
  };
  await savePerson(saved);
  if (account === own.account) await unlessExists(submit(client, { actors: [own], messages: [own.creation] }));
  if (!isRecovering) await enter(saved, wallet.words);
}

/** The sample town tells the words of its people again. */
function isKept(person: SavedPerson | undefined): boolean {
  return person !== undefined && person.lock.kind !== "town";
}

async function unlessExists(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== "accounts/AlreadyExists") throw error;
  }
}
