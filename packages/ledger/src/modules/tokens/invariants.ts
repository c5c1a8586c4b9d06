import type { Invariant } from "../../app/define-module.ts";
import { balances, issues, pots } from "./state.ts";

/** What holds after every block. */
export const invariants: Readonly<Record<string, Invariant>> = {
  "what accounts and pots hold is what exists": (audit) => {
    const held = new Map<string, bigint>();
    for (const collection of [balances, pots]) {
      for (const [key, { amount }] of audit.all(collection)) {
        const tokenKind = key.slice(0, key.indexOf("/"));
        held.set(tokenKind, (held.get(tokenKind) ?? 0n) + BigInt(amount));
      }
    }
    for (const [tokenKind, { supply }] of audit.all(issues)) {
      if ((held.get(tokenKind) ?? 0n) !== BigInt(supply)) throw new Error(`${supply} ${tokenKind} exist, ${held.get(tokenKind)} are held`);
      held.delete(tokenKind);
    }
    if (held.size > 0) throw new Error("tokens are held of a kind that does not exist");
  },
};
