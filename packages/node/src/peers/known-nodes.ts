import type { ReadContext } from "@galen/ledger/app/context";
import { type Validator, validators } from "@galen/ledger/app/parameters";
import { allNodes } from "@galen/ledger/modules/validators/state";

type Reading = Pick<ReadContext, "state">;

/** The validators in force, with their voting power. */
export function validatorsOf(ctx: Reading): readonly Validator[] {
  return validators.get(ctx, "current")!.validators;
}

/** Whether the ledger knows a node by this validator key (hex), as a validator or as a member's node that has no power: only such nodes get sealed bytes. */
export function isNode(ctx: Reading, key: string): boolean {
  return validatorsOf(ctx).some(({ publicKey }) => publicKey === key) || allNodes(ctx).some(({ publicKey }) => publicKey === key);
}

/** Voting power of some nodes by their keys (hex), and of all. */
export function powerOf(ctx: Reading, keys: ReadonlySet<string>): { readonly held: number; readonly total: number } {
  const set = validatorsOf(ctx);
  const sum = (list: readonly Validator[]) => list.reduce((total, { power }) => total + power, 0);
  return { held: sum(set.filter(({ publicKey }) => keys.has(publicKey))), total: sum(set) };
}
