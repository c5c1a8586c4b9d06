import { errors } from "@galen/ledger/modules/accounts/errors";
import type { Account } from "@galen/ledger/modules/accounts/index";
import { accounts } from "@galen/ledger/modules/accounts/state";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { readProven } from "../proofs/read-proven.ts";

/** An account of the ledger; proven if the client trusts somebody. Rejects with GalenError accounts/UnknownAccount. */
export async function fetchAccount(client: Client, account: string): Promise<Account> {
  if (!client.trust) return (await query<Account>(client, "accounts.account", { account })).result;
  const { value } = await readProven(client, accounts, account);
  if (!value) throw galenError(errors.UnknownAccount({ account }));
  return value;
}
