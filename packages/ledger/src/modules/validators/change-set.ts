import type { BlockContext, WriteContext } from "../../app/context.ts";
import { type Validator, validators } from "../../app/parameters.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { isMember } from "../governance/index.ts";
import { candidates } from "./candidates.ts";
import { judge } from "./conduct.ts";
import { epochAt } from "./epochs.ts";
import { left, policyBegan, rewardsPaid, setChanged, setHeld } from "./events.ts";
import { stepTowards } from "./guard.ts";
import { targetSet } from "./policies/target.ts";
import { poolOf, reward, rewardsLeft } from "./pools.ts";
import { absences, addressOf, allNodes, currentSet, currentSettings, epochBase, keys, memberOf, nodes, settings } from "./state.ts";
import { beginWork, endWork, gatherEntropy, nextPuzzle } from "./work.ts";

/** Before the transactions of each block: conduct counts at once, power changes in the first block of an epoch. */
export function onBlock(ctx: BlockContext): void {
  judge(ctx);
  const place = epochAt(ctx, ctx.height);
  gatherEntropy(ctx, place);
  if (place.offset === 0 && ctx.height > epochBase.get(ctx, "current")!.startHeight) beginEpoch(ctx, place.number);
}

function beginEpoch(ctx: BlockContext, epoch: number): void {
  payRewards(ctx, epoch);
  if (!beginPlanned(ctx, epoch)) continuePolicy(ctx);
  changeSet(ctx, epoch);
  removeGone(ctx);
}

/** For the epoch that ends, to those who had power in it, under a policy in which stake does. Each part is rounded down; the rest stays in the pot. */
function payRewards(ctx: WriteContext, epoch: number): void {
  const { policy, epochReward } = currentSettings(ctx);
  const budget = Math.min(epochReward, rewardsLeft(ctx));
  if (budget === 0 || (policy.kind !== "stake" && policy.kind !== "delegated")) return;
  const set = currentSet(ctx);
  const total = set.reduce((sum, { power }) => sum + power, 0);
  let paid = 0;
  for (const node of allNodes(ctx)) {
    const power = node.jail ? 0 : (memberOf(set, node)?.power ?? 0);
    const part = Number((BigInt(budget) * BigInt(power)) / BigInt(total));
    // Without anybody who bonded there, nobody would own it.
    if (part === 0 || poolOf(ctx, node.organisation).shares === 0) continue;
    reward(ctx, node.organisation, part);
    paid += part;
  }
  if (paid > 0) ctx.emit(rewardsPaid({ epoch, paid, left: rewardsLeft(ctx) }));
}

/** Lets planned settings take over; false when there are none. */
function beginPlanned(ctx: BlockContext, epoch: number): boolean {
  const planned = settings.get(ctx, "planned");
  if (!planned) return false;
  const isSameKind = planned.policy.kind === currentSettings(ctx).policy.kind;
  const policySince = isSameKind ? epochBase.get(ctx, "current")!.policySince : epoch;
  settings.delete(ctx, "planned");
  settings.set(ctx, "current", planned);
  epochBase.set(ctx, "current", { number: epoch, startHeight: ctx.height, policySince });
  if (isSameKind) continuePolicy(ctx);
  else beginPolicy(ctx);
  ctx.emit(policyBegan({ epoch, policy: planned.policy }));
  return true;
}

function beginPolicy(ctx: BlockContext): void {
  const { policy } = currentSettings(ctx);
  endWork(ctx);
  if (policy.kind !== "work") return;
  const set = currentSet(ctx);
  const founders = allNodes(ctx).filter((node) => memberOf(set, node));
  beginWork(
    ctx,
    policy,
    founders.map(({ organisation }) => organisation),
  );
}

function continuePolicy(ctx: BlockContext): void {
  const { policy } = currentSettings(ctx);
  if (policy.kind === "work") nextPuzzle(ctx, policy);
}

function changeSet(ctx: WriteContext, epoch: number): void {
  const { policy, minValidators } = currentSettings(ctx);
  const target = targetSet(policy, candidates(ctx), epoch - epochBase.get(ctx, "current")!.policySince);
  const step = stepTowards(currentSet(ctx), target, minValidators, replacedKeys(ctx));
  if (step.kind === "held") ctx.emit(setHeld({ epoch, alarm: step.alarm }));
  if (step.kind !== "changed") return;
  validators.set(ctx, "current", { validators: [...step.validators] });
  const named = step.validators.map((member) => withOwner(ctx, member));
  ctx.emit(setChanged({ epoch, policy: policy.kind, isComplete: step.isComplete, validators: named }));
}

/** New keys by the former ones. Before version 4 a new key got its power in steps when more than a third of all power moved in its epoch. */
function replacedKeys(ctx: WriteContext): ReadonlyMap<string, string> {
  if (!isFromVersion(ctx, 4)) return new Map();
  return new Map(allNodes(ctx).flatMap(({ formerKey, publicKey }) => (formerKey === undefined ? [] : [[formerKey, publicKey] as const])));
}

function withOwner(ctx: WriteContext, { publicKey, power }: Validator) {
  const owner = keys.get(ctx, addressOf(publicKey, ctx.crypto));
  return { ...(owner && { organisation: owner.organisation }), publicKey, power };
}

/** Nodes that leave, or whose organisation has left the alliance, once they have no power and are not in jail: nobody escapes it by leaving. */
function removeGone(ctx: WriteContext): void {
  const set = currentSet(ctx);
  for (const node of allNodes(ctx)) {
    const { organisation, jail } = node;
    const isStaying = !node.leaving && isMember(ctx, organisation);
    if (isStaying || memberOf(set, node) || (jail && ctx.height < jail.until)) continue;
    nodes.delete(ctx, organisation);
    absences.delete(ctx, organisation);
    ctx.emit(left({ organisation }));
  }
}
