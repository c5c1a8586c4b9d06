import { accountKeys, type Client, createSeedWords, type OwnAccount, ownAccount, seedFromWords, submit, webRandom } from "@galen/sdk";

/** An account with fresh keys, on the ledger. Who keeps the words keeps the account. */
export async function newAccount(client: Client): Promise<OwnAccount> {
  const words = createSeedWords(webRandom);
  const account = await ownAccount(accountKeys(await seedFromWords(words), 0));
  await submit(client, { actors: [account], messages: [account.creation] });
  return account;
}
