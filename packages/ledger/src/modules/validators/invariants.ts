import type { AuditContext } from "../../app/context.ts";
import type { Invariant } from "../../app/define-module.ts";
import { potOf } from "../tokens/index.ts";
import { epochAt } from "./epochs.ts";
import { STAKE, STAKE_POT } from "./pools.ts";
import { MAX_UNBONDING_EPOCHS } from "./settings.ts";
import { addressOf, bonds, claims, currentSet, keys, leavingPools, nodes, pools, puzzle, settings } from "./state.ts";

/** Sums by the first parts of the keys. */
function sumShares(entries: Iterable<readonly [key: string, value: { readonly shares: number }]>, groupOf: (key: string) => string) {
  const sums = new Map<string, bigint>();
  for (const [key, { shares }] of entries) sums.set(groupOf(key), (sums.get(groupOf(key)) ?? 0n) + BigInt(shares));
  return sums;
}

function requireShares(audit: AuditContext, collection: typeof pools | typeof leavingPools, sums: ReadonlyMap<string, bigint>): void {
  let found = 0;
  for (const [key, { tokens, shares }] of audit.all(collection)) {
    if (tokens < 1 || sums.get(key) !== BigInt(shares)) throw new Error(`the shares of ${key} do not add up`);
    found += 1;
  }
  if (found !== sums.size) throw new Error("shares are owned of a pool that is gone");
}

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "the set is one that an engine accepts": (audit) => {
    const set = currentSet(audit);
    const distinct = new Set(set.map(({ publicKey }) => publicKey)).size;
    if (distinct === 0 || distinct !== set.length) throw new Error("a key stands in the set twice, or none does");
  },
  "what is bonded and leaving is what the pot holds": (audit) => {
    let sum = 0n;
    for (const collection of [pools, leavingPools]) for (const [, { tokens }] of audit.all(collection)) sum += BigInt(tokens);
    if (sum !== BigInt(potOf(audit, STAKE, STAKE_POT))) throw new Error("pools and pot differ");
  },
  "what is leaving is due within the longest unbonding": (audit) => {
    const latest = epochAt(audit, audit.height).number + MAX_UNBONDING_EPOCHS;
    for (const [key, { epoch }] of audit.all(claims))
      if (epoch > latest) throw new Error(`${key} is due after ${latest}, where no slash looks`);
  },
  "shares add up": (audit) => {
    requireShares(
      audit,
      pools,
      sumShares(audit.all(bonds), (key) => key.slice(0, key.indexOf("/"))),
    );
    // <organisation>/<account>/<epoch> -> <organisation>/<epoch>
    const pool = (key: string) =>
      key
        .split("/")
        .filter((_, part) => part !== 1)
        .join("/");
    requireShares(audit, leavingPools, sumShares(audit.all(claims), pool));
  },
  "each key is one node's, and evidence finds it": (audit) => {
    const used = new Set<string>();
    for (const [organisation, node] of audit.all(nodes)) {
      const owner = keys.get(audit, addressOf(node.publicKey, audit.crypto));
      if (owner?.organisation !== organisation || used.has(node.publicKey)) throw new Error(`the key of ${organisation} is not its own`);
      used.add(node.publicKey);
    }
  },
  "there is a puzzle exactly while work gives power": (audit) => {
    const isWork = settings.get(audit, "current")!.policy.kind === "work";
    if (isWork !== puzzle.has(audit, "current")) throw new Error("the puzzle does not fit the policy");
  },
};
