import { errors as accountErrors } from "@galen/ledger/modules/accounts/errors";
import type { Account } from "@galen/ledger/modules/accounts/index";
import { accounts } from "@galen/ledger/modules/accounts/state";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { readProven } from "../proofs/read-proven.ts";

/** The X25519 key, hex, to which documents of an account are sealed; proven if the client trusts somebody. Rejects with GalenError accounts/UnknownAccount. */
export async function recordKeyOf(client: Client, account: string): Promise<string> {
  if (!client.trust) return (await query<Account>(client, "accounts.account", { account })).result.recordKey;
  const { value } = await readProven(client, accounts, account);
  if (!value) throw galenError(accountErrors.UnknownAccount({ account }));
  return value.recordKey;
}
