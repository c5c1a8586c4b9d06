import { fetchAccount } from "../accounts/fetch-account.ts";
import type { Client } from "../client/client.ts";

/** The X25519 key, hex, to which documents of an account are sealed; proven if the client trusts somebody. Rejects with GalenError accounts/UnknownAccount. */
export async function recordKeyOf(client: Client, account: string): Promise<string> {
  return (await fetchAccount(client, account)).recordKey;
}
