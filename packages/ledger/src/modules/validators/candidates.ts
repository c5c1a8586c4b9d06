import type { ReadContext } from "../../app/context.ts";
import { isMember } from "../governance/index.ts";
import { epochAt } from "./epochs.ts";
import type { Candidate } from "./policies/candidate.ts";
import { bondedBy, poolOf } from "./pools.ts";
import type { Node } from "./schema.ts";
import { allNodes, currentSet, currentSettings, memberOf, miners, puzzle } from "./state.ts";
import { solutionsInWindow } from "./work.ts";

type Reading = Pick<ReadContext, "state" | "height">;

/**
 * Whether the node could vote: it does already, and was not released from jail just now, or it has lately announced that it is ready and the chain admits nodes from outside its set.
 * So power never goes to a node that is not there, and a chain that one engine runs alone goes on with its own key.
 */
export function isReady(ctx: Reading, node: Node): boolean {
  if (node.releasedAt !== undefined) return false;
  if (memberOf(currentSet(ctx), node)) return true;
  const { admission, readinessBlocks } = currentSettings(ctx);
  return admission === "open" && node.readyAt !== undefined && ctx.height - node.readyAt <= readinessBlocks;
}

/** Whether the node may have power at all. */
export function isEligible(ctx: Reading, node: Node): boolean {
  return !node.jail && !node.leaving && isMember(ctx, node.organisation) && isReady(ctx, node);
}

/** What the policies choose from. */
export function candidates(ctx: Reading): Candidate[] {
  return allNodes(ctx)
    .filter((node) => isEligible(ctx, node))
    .map((node) => candidateOf(ctx, node));
}

/** A node as the policies see it. */
export function candidateOf(ctx: Reading, { organisation, publicKey }: Node): Candidate {
  const { policy } = currentSettings(ctx);
  const solutions = policy.kind === "work" ? solutionsInWindow(miners.get(ctx, organisation), epochAt(ctx, ctx.height).number, policy) : 0;
  return {
    organisation,
    publicKey,
    ownStake: bondedBy(ctx, organisation, organisation),
    totalStake: poolOf(ctx, organisation).tokens,
    solutions,
    isFounder: puzzle.get(ctx, "current")?.founders.includes(organisation) ?? false,
  };
}
