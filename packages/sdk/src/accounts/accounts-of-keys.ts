import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Account } from "@galen/ledger/modules/accounts/schema";
import { readHex, readList, readObject } from "../client/answer.ts";
import type { Client } from "../client/client.ts";
import { GalenError } from "../client/galen-error.ts";
import { inParallel } from "../client/in-parallel.ts";
import { requestJson } from "../client/send-request.ts";
import type { OwnAccount } from "../transactions/own-account.ts";
import { fetchAccount } from "./fetch-account.ts";

/** As many as a node tells. */
const MAX_ACCOUNTS = 100;
const PARALLEL = 6;

/** Public halves of the keys that are an account's when it has no others; hex, 32 bytes each. */
export interface SoleKeys {
  /** Ed25519. */
  readonly signingKey: string;
  /** X25519. */
  readonly recordKey: string;
}

/** Whether these are all the keys of an account: whoever has them alone signs for it, and reads what is sealed to it. */
export function hasOnlyKeys({ keys, recordKey }: Account, only: SoleKeys): boolean {
  return recordKey === only.recordKey && keys.length === 1 && keys[0]?.publicKey === only.signingKey;
}

/** An account on the ledger that keys open. */
export interface OpenedAccount {
  readonly account: string;
  readonly kind: Account["kind"];
}

/**
 * The accounts on the ledger whose only keys are those that founded `own`: what restored words open. That is `own` where it still has them, and no other then,
 * since nobody else can have founded it; else the accounts that were given these keys, as guardians do, those first that have had them longest. None for keys
 * that the ledger does not know. There may be several, as anybody may give an account of theirs the keys of somebody else: who uses one must know it.
 *
 * The list is the node's word, and each account is proven if the client trusts somebody: a node can leave one out, and cannot make one up. An account whose
 * number is known is had by `openedAccount` instead. Rejects with GalenError.
 */
export async function accountsOfKeys(
  client: Client,
  { account: own, keys }: Pick<OwnAccount, "account" | "keys">,
): Promise<readonly OpenedAccount[]> {
  const ofOwn = await openedAccount(client, { account: own, keys });
  if (ofOwn) return [ofOwn];
  const listed = await listAccounts(client, bytesToHex(keys.signing.publicKey));
  const opened = await inParallel(listed, PARALLEL, (account) => openedAccount(client, { account, keys }));
  return opened.filter((one) => one !== undefined);
}

/**
 * One account on the ledger, if these are its only keys; undefined if the ledger has no such account, or one with other keys. For an owner who knows the account's
 * number: if the client trusts somebody, it is proven whichever it is, so that no node can hide the account. Rejects with GalenError.
 */
export async function openedAccount(
  client: Client,
  { account, keys }: Pick<OwnAccount, "account" | "keys">,
): Promise<OpenedAccount | undefined> {
  const only = { signingKey: bytesToHex(keys.signing.publicKey), recordKey: bytesToHex(keys.record.publicKey) };
  const found = await accountIfThere(client, account);
  return found && hasOnlyKeys(found, only) ? { account, kind: found.kind } : undefined;
}

async function listAccounts(client: Client, key: string): Promise<readonly string[]> {
  const { items } = readObject(await requestJson(client, { path: "/v1/accounts", query: { key } }), "accounts");
  const accounts = readList(items, "items", MAX_ACCOUNTS).map((item) =>
    bytesToHex(readHex(readObject(item, "items").account, "account", 32)),
  );
  return [...new Set(accounts)];
}

/** An account of the ledger, as `fetchAccount` finds it; undefined if the ledger has none of this number. Rejects with GalenError. */
export async function accountIfThere(client: Client, account: string): Promise<Account | undefined> {
  try {
    return await fetchAccount(client, account);
  } catch (error) {
    if (error instanceof GalenError && error.id === "accounts/UnknownAccount") return undefined;
    throw error;
  }
}
