import type { Client } from "@galen/sdk/client/client";
import { GalenError } from "@galen/sdk/client/galen-error";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { type SavedPerson, savePerson } from "./people-store.ts";

/**
 * Has the ledger make the account of a wallet that this browser keeps, unless it is there already, and notes that it is. Gives what is kept of the person then. Rejects
 * with GalenError; the wallet stays as it is, and the next try goes on from there.
 */
export async function foundAccount(client: Client, saved: SavedPerson, own: OwnAccount): Promise<SavedPerson> {
  await unlessExists(submit(client, { actors: [own], messages: [own.creation] }));
  const { isUnfounded: _, ...founded } = saved;
  await savePerson(founded);
  return founded;
}

async function unlessExists(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!(error instanceof GalenError) || error.id !== "accounts/AlreadyExists") throw error;
  }
}
