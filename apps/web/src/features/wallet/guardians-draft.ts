import { MAX_GUARDIANS } from "@galen/ledger/modules/accounts/schema";
import type { Message } from "@galen/ledger/tx/transaction";
import type { KnownRecoveries } from "@galen/sdk/accounts/recovery";
import type { CodeContent } from "../../keys/code-link.ts";
import type { Names } from "../../keys/names.ts";

const DAY_MS = 86_400_000;
/** Long enough to be noticed on a journey, short enough to be waited for. */
export const delays = [DAY_MS, 3 * DAY_MS, 7 * DAY_MS, 30 * DAY_MS] as const;
const USUAL_DELAY_MS = 7 * DAY_MS;

/** Guardians while they are being thought about. */
export interface GuardiansDraft {
  /** With the names of their codes, where they were met so. */
  readonly people: readonly CodeContent[];
  readonly threshold: number;
  readonly delayMs: number;
}

/** What is on the ledger, to be changed, or nobody yet. */
export function draftOf(guardianship: KnownRecoveries["guardianship"]): GuardiansDraft {
  const { guardians = [], threshold = 1, delayMs = USUAL_DELAY_MS } = guardianship ?? {};
  return { people: guardians.map((account) => ({ account, name: "" })), threshold, delayMs };
}

/** The same with other people. More than half are needed, so that two groups cannot act against each other. */
export function withPeople(draft: GuardiansDraft, people: GuardiansDraft["people"]): GuardiansDraft {
  return { ...draft, people, threshold: Math.floor(people.length / 2) + 1 };
}

export const isFull = ({ people }: GuardiansDraft): boolean => people.length >= MAX_GUARDIANS;

/** Why somebody cannot be added: the owner is no help to the owner, and nobody counts twice. */
export function whyUnfit({ people }: GuardiansDraft, { account }: CodeContent, owner: string): "self" | "twice" | undefined {
  if (account === owner) return "self";
  return people.some((one) => one.account === account) ? "twice" : undefined;
}

/** What somebody is called: as this browser knows the account, else as the code said by which the person was met; undefined without either. */
export function callGuardian({ people }: GuardiansDraft, names: Names, account: string): string | undefined {
  return names.get(account)?.name || people.find((one) => one.account === account)?.name || undefined;
}

export function guardiansMessage({ people, threshold, delayMs }: GuardiansDraft, account: string): Message {
  return { type: "accounts.setGuardians", value: { account, guardians: people.map((one) => one.account), threshold, delayMs } };
}
