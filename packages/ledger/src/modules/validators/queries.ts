import type { ReadContext } from "../../app/context.ts";
import { defineQuery } from "../../app/define-module.ts";
import { candidateOf, candidates, isReady } from "./candidates.ts";
import { epochAt } from "./epochs.ts";
import { errors } from "./errors.ts";
import { targetSet } from "./policies/target.ts";
import { bondedBy, worth } from "./pools.ts";
import { BondReference, type Node, NodeReference, NodeStatus, Nodes, Nothing, PuzzleStatus, Regime, Stake } from "./schema.ts";
import { MAX_UNBONDING_EPOCHS } from "./settings.ts";
import {
  allNodes,
  claims,
  currentSet,
  currentSettings,
  epochBase,
  leavingPools,
  memberOf,
  miners,
  puzzle,
  requireNode,
  settings,
} from "./state.ts";

/** Power that the policy would give each key if an epoch began now. */
function targetPowers(ctx: ReadContext): ReadonlyMap<string, number> {
  const epochs = epochAt(ctx, ctx.height).number - epochBase.get(ctx, "current")!.policySince;
  return new Map(targetSet(currentSettings(ctx).policy, candidates(ctx), epochs).map(({ publicKey, power }) => [publicKey, power]));
}

function statusOf(ctx: ReadContext, node: Node, targets: ReadonlyMap<string, number>): NodeStatus {
  const { ownStake, totalStake, solutions } = candidateOf(ctx, node);
  const power = memberOf(currentSet(ctx), node)?.power ?? 0;
  const targetPower = targets.get(node.publicKey) ?? 0;
  return { node, power, targetPower, isReady: isReady(ctx, node), ownStake, totalStake, solutions };
}

export const queries = [
  defineQuery({
    name: "validators.nodes",
    summary: "All nodes with their power, the power at which the policy aims, and what decides on it.",
    parameters: Nothing,
    result: Nodes,
    run(ctx) {
      const targets = targetPowers(ctx);
      const totalPower = currentSet(ctx).reduce((sum, { power }) => sum + power, 0);
      return { nodes: allNodes(ctx).map((node) => statusOf(ctx, node, targets)), totalPower };
    },
  }),
  defineQuery({
    name: "validators.node",
    summary: "The node of an organisation.",
    parameters: NodeReference,
    result: NodeStatus,
    run: (ctx, { organisation }) => statusOf(ctx, requireNode(ctx, organisation), targetPowers(ctx)),
  }),
  defineQuery({
    name: "validators.regime",
    summary: "What gives voting power, what is planned, and when the next epoch begins.",
    parameters: Nothing,
    result: Regime,
    run(ctx) {
      const planned = settings.get(ctx, "planned");
      const { number, nextAt } = epochAt(ctx, ctx.height);
      const { policySince } = epochBase.get(ctx, "current")!;
      return { settings: currentSettings(ctx), ...(planned && { planned }), epoch: number, policySince, nextEpochAt: nextAt };
    },
  }),
  defineQuery({
    name: "validators.stake",
    summary: "What an account has bonded to a node, and what of it is leaving and can be withdrawn from which epoch on.",
    parameters: BondReference,
    result: Stake,
    run(ctx, { organisation, account }) {
      const open = [...claims.entries(ctx, { within: [organisation, account], limit: MAX_UNBONDING_EPOCHS })];
      const leaving = open.map(([, { epoch, shares }]) => ({ epoch, tokens: worth(leavingPools.get(ctx, organisation, epoch)!, shares) }));
      return { tokens: bondedBy(ctx, organisation, account), leaving };
    },
  }),
  defineQuery({
    name: "validators.puzzle",
    summary: "The puzzle of the epoch, and the last nonce of a node in it.",
    parameters: NodeReference,
    result: PuzzleStatus,
    run(ctx, { organisation }) {
      const present = puzzle.get(ctx, "current");
      if (!present) throw errors.NoPuzzle();
      const epoch = epochAt(ctx, ctx.height).number;
      const miner = miners.get(ctx, organisation);
      return { puzzle: present, epoch, ...(miner?.counts.at(-1)?.epoch === epoch && { lastNonce: miner.lastNonce }) };
    },
  }),
];
