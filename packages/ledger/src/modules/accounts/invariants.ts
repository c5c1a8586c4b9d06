import type { Invariant } from "../../app/define-module.ts";
import type { Authority } from "./schema.ts";
import { accounts, delegations, members, recoveries, recoveryQueue, totalWeight } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "every account can be signed for": (audit) => {
    for (const [id, account] of audit.all(accounts)) assertCanSign(id, account);
  },
  "guardians exist and can reach their threshold": (audit) => {
    for (const [id, { guardianship }] of audit.all(accounts)) {
      const { guardians = [], threshold = 0 } = guardianship ?? {};
      if (new Set(guardians).size !== guardians.length || guardians.length < threshold) throw new Error(`guardians of ${id}`);
      if (guardians.includes(id) || !guardians.every((guardian) => accounts.has(audit, guardian))) throw new Error(`guardians of ${id}`);
    }
  },
  "open recoveries are carried by guardians, each by his one": (audit) => {
    for (const [id, { open }] of audit.all(recoveries)) {
      const guardians = accounts.get(audit, id)?.guardianship?.guardians ?? [];
      const approving = open.flatMap((recovery) => recovery.guardians);
      if (open.length === 0 || new Set(approving).size !== approving.length) throw new Error(`a guardian of ${id} approves twice`);
      if (!approving.every((guardian) => guardians.includes(guardian))) throw new Error(`a stranger approves a recovery of ${id}`);
      for (const recovery of open) assertCanSign(id, recovery);
    }
  },
  "a recovery runs if and only if enough guardians approve one": (audit) => {
    for (const [id, { open, running }] of audit.all(recoveries)) {
      const { threshold } = accounts.get(audit, id)!.guardianship!;
      const enough = open.filter(({ guardians }) => guardians.length >= threshold).map(({ recoveryId }) => recoveryId);
      if (running ? !enough.includes(running.recoveryId) : enough.length > 0) throw new Error(`recovery of ${id}`);
    }
  },
  "the queue holds exactly the running recoveries": (audit) => {
    const queued = [...audit.all(recoveryQueue)].map(([, { account, dueAt }]) => `${account} ${dueAt}`);
    const running = [...audit.all(recoveries)].flatMap(([id, one]) => (one.running ? [`${id} ${one.running.dueAt}`] : []));
    if (queued.toSorted(ascending).join() !== running.toSorted(ascending).join()) throw new Error("the queue differs from the recoveries");
  },
  "members belong to organisations, delegations to accounts": (audit) => {
    for (const [key] of audit.all(members)) {
      const [organisation, member] = key.split("/");
      if (accounts.get(audit, organisation!)?.kind !== "organisation" || !accounts.has(audit, member!)) throw new Error(`member ${key}`);
    }
    for (const [key] of audit.all(delegations))
      if (!key.split("/").every((id) => accounts.has(audit, id))) throw new Error(`delegation ${key}`);
  },
};

function assertCanSign(id: string, { keys, threshold }: Authority): void {
  if (new Set(keys.map(({ publicKey }) => publicKey)).size !== keys.length) throw new Error(`account ${id} has a key twice`);
  if (totalWeight(keys) < threshold) throw new Error(`the keys of account ${id} do not reach its threshold`);
}

function ascending(a: string, b: string): number {
  return a < b ? -1 : 1;
}
