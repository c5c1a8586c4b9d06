import { bytesToHex } from "@galen/ledger/crypto/hex";
import { recoveryIdOf } from "@galen/ledger/modules/accounts/account-id";
import { recoveries } from "@galen/ledger/modules/accounts/state";
import type { Message } from "@galen/ledger/tx/transaction";
import type { Client } from "../client/client.ts";
import { query } from "../client/query.ts";
import type { AccountKeys } from "../keys/account-keys.ts";
import { readProven } from "../proofs/read-proven.ts";
import { hasOnlyKeys, type SoleKeys } from "./accounts-of-keys.ts";
import { fetchAccount } from "./fetch-account.ts";

type Proposal = Parameters<typeof recoveryIdOf>[0];

/** New keys for an account whose keys are lost, as their owner hands them to the guardians: public halves only. */
export interface RecoveryRequest extends SoleKeys {
  /** The account that is to have the keys; hex, 32 bytes. */
  readonly account: string;
}

/** The request for keys that were just made. */
export function recoveryRequest(account: string, { signing, record }: AccountKeys): RecoveryRequest {
  return { account, signingKey: bytesToHex(signing.publicKey), recordKey: bytesToHex(record.publicKey) };
}

function proposalOf({ account, signingKey, recordKey }: RecoveryRequest): Proposal {
  return { account, keys: [{ keyType: "ed25519", publicKey: signingKey, weight: 1 }], threshold: 1, recordKey };
}

/** `accounts.startRecovery`, for a guardian to sign. Guardians who sign it for the same request approve the same recovery. */
export function startRecovery(request: RecoveryRequest): Message {
  return { type: "accounts.startRecovery", value: proposalOf(request) };
}

/** The id of the recovery that a request asks for: it stands for the account and exactly these keys. */
export function recoveryIdFor({ crypto }: Pick<Client, "crypto">, request: RecoveryRequest): string {
  return recoveryIdOf(proposalOf(request), crypto);
}

const CHECK_DIGITS = 20;
const CHECK_GROUP = 4;

/**
 * The digits that owner and guardian read to each other, so that nobody in between exchanges the keys: five groups of four, 66 bits of the recovery's id.
 * Keys of a stranger with the same digits cannot be found by trying.
 */
export function checkDigits(recoveryId: string): string {
  const digits = (BigInt(`0x${recoveryId}`) % 10n ** BigInt(CHECK_DIGITS)).toString().padStart(CHECK_DIGITS, "0");
  return (digits.match(new RegExp(`.{${CHECK_GROUP}}`, "g")) ?? []).join(" ");
}

const hex32 = /^[0-9a-f]{64}$/;

/** A request as text for a code or a link; what stands before `#` in a link is for whoever makes it. */
export function recoveryCode({ account, signingKey, recordKey }: RecoveryRequest): string {
  return new URLSearchParams({ recover: account, key: signingKey, record: recordKey }).toString();
}

/** The request in a code or a link; undefined for everything else. It says who shall be helped by which keys, not that anybody has asked. */
export function parseRecoveryCode(text: string): RecoveryRequest | undefined {
  const fields = new URLSearchParams(text.slice(text.indexOf("#") + 1).trim());
  const [account, signingKey, recordKey] = ["recover", "key", "record"].map((name) => fields.get(name) ?? "");
  const isWhole = [account, signingKey, recordKey].every((value) => hex32.test(value!));
  return isWhole ? { account: account!, signingKey: signingKey!, recordKey: recordKey! } : undefined;
}

/** Somebody's recoveries that are open, who can help, and which one runs. */
export interface KnownRecoveries {
  /** Each with the guardians who approve it. */
  readonly open: readonly { readonly recoveryId: string; readonly guardians: readonly string[] }[];
  /** The one that has enough approvals, and when it gives the account its keys. */
  readonly running: { readonly recoveryId: string; readonly dueAt: number } | undefined;
  /** Undefined for an account that has no guardians. */
  readonly guardianship: { readonly guardians: readonly string[]; readonly threshold: number; readonly delayMs: number } | undefined;
}

/** The guardians of an account and what they propose; proven if the client trusts somebody. Rejects with GalenError accounts/UnknownAccount. */
export async function fetchRecoveries(client: Client, account: string): Promise<KnownRecoveries> {
  const [{ guardianship }, found] = await Promise.all([fetchAccount(client, account), openOf(client, account)]);
  return { guardianship, open: found?.open ?? [], running: found?.running };
}

async function openOf(client: Client, account: string): Promise<Pick<KnownRecoveries, "open" | "running"> | undefined> {
  if (client.trust) {
    const { value } = await readProven(client, recoveries, account);
    return value && { open: value.open, running: value.running };
  }
  return (await query<Pick<KnownRecoveries, "open" | "running">>(client, "accounts.recovery", { account })).result;
}

/** Whether an account has the keys of a request: its recovery is through. Rejects like `fetchRecoveries`. */
export async function isRecovered(client: Client, { account, ...keys }: RecoveryRequest): Promise<boolean> {
  return hasOnlyKeys(await fetchAccount(client, account), keys);
}
