import { recoveryRequest } from "@galen/sdk/accounts/recovery";
import type { Client } from "@galen/sdk/client/client";
import { sealWordsFile, type WordsFile } from "@galen/sdk/keys/words-file";
import { foundAccount } from "./found-account.ts";
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
 * account; where it does not hear of it, that is made up for when the wallet is unlocked. Rejects with GalenError, and with WalletKeptError where a recovery would push
 * out keys that may still be good.
 */
export async function addWallet(client: Client, { wallet, lock, isRecovering = false }: AddOptions): Promise<void> {
  const own = await accountOfWords(wallet.words, wallet.kind);
  const { account = own.account } = wallet;
  if (isRecovering && isKept(await savedPerson(account))) throw new WalletKeptError("this browser keeps a wallet of the account");
  const isGiven = account !== own.account;
  const saved: SavedPerson = {
    account,
    name: wallet.name,
    kind: wallet.kind,
    lock:
      lock.kind === "passkey"
        ? await lockWithPasskey(wallet.words, wallet.name)
        : { kind: "passphrase", keyFile: await sealWordsFile(wallet, lock.passphrase) },
    createdAt: Date.now(),
    ...(isGiven ? { givenKeys: recoveryRequest(account, own.keys) } : { isUnfounded: true }),
    ...(isRecovering && { isRecovering }),
  };
  await savePerson(saved);
  const founded = isGiven ? saved : await foundAccount(client, saved, own);
  if (!isRecovering) await enter(founded, wallet.words);
}

/** The sample town tells the words of its people again. */
function isKept(person: SavedPerson | undefined): boolean {
  return person !== undefined && person.lock.kind !== "town";
}
