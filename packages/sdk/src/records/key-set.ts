import { errors as custodyErrors } from "@galen/ledger/modules/custody/errors";
import type { KeySet } from "@galen/ledger/modules/custody/index";
import { keys } from "@galen/ledger/modules/custody/state";
import type { Client } from "../client/client.ts";
import { galenError } from "../client/galen-error.ts";
import { query } from "../client/query.ts";
import { readProven } from "../proofs/read-proven.ts";

/** The custodians' key for releases; proven if the client trusts somebody. Rejects with GalenError custody/NoKey before it is made. */
export async function releaseKeySet(client: Client): Promise<KeySet> {
  if (!client.trust) return (await query<KeySet>(client, "custody.key", { purpose: "release" })).result;
  const { value } = await readProven(client, keys, "release");
  if (!value) throw galenError(custodyErrors.NoKey({ purpose: "release" }));
  return value;
}
