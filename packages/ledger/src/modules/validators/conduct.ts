import type { BlockVote, Misbehavior } from "../../app/block-facts.ts";
import type { BlockContext, WriteContext } from "../../app/context.ts";
import { isFromVersion } from "../../app/upgrades.ts";
import { jailed } from "./events.ts";
import { slash } from "./pools.ts";
import type { Node } from "./schema.ts";
import { absences, currentSettings, keys, nodes } from "./state.ts";

/**
 * What a block's facts mean for the nodes. Evidence against a key counts once, whoever runs it now and however often it is reported: all that is
 * bonded to the organisation is slashed, and the node goes to jail until it has another key.
 */
export function judge(ctx: BlockContext): void {
  for (const misbehavior of ctx.block.misbehavior) convict(ctx, misbehavior);
  const { sampleBlocks } = currentSettings(ctx).downtime;
  // Counted in few blocks, so that a node that is away does not change the state with every block.
  if (ctx.height % sampleBlocks !== 0) return;
  for (const vote of ctx.block.votes) if (!vote.signed) noteAbsence(ctx, vote);
}

function convict(ctx: BlockContext, { address }: Misbehavior): void {
  const owner = keys.get(ctx, address);
  if (!owner || owner.convictedAt !== undefined) return;
  const { jailBlocks, slashBasisPoints } = currentSettings(ctx).doubleSign;
  keys.set(ctx, address, { ...owner, convictedAt: ctx.height });
  const slashed = slash(ctx, owner.organisation, slashBasisPoints);
  const node = nodes.get(ctx, owner.organisation);
  // Before version 4 a short term for double signs ended a longer one for downtime.
  const served = isFromVersion(ctx, 4) ? (node?.jail?.until ?? 0) : 0;
  const until = Math.max(ctx.height + jailBlocks, served);
  if (node) nodes.set(ctx, node.organisation, { ...node, jail: { reason: "double-sign", until } });
  ctx.emit(jailed({ organisation: owner.organisation, reason: "double-sign", until, slashed }));
}

/** A sliding window of misses; a vote that arrives writes nothing. */
function noteAbsence(ctx: BlockContext, { address }: BlockVote): void {
  const node = nodeOfKey(ctx, address);
  if (!node || node.jail) return;
  const { windowBlocks, maxMissed } = currentSettings(ctx).downtime;
  const { organisation } = node;
  const recent = absences.get(ctx, organisation)?.heights.filter((height) => height > ctx.height - windowBlocks) ?? [];
  const heights = [...recent, ctx.height];
  if (heights.length < maxMissed) absences.set(ctx, organisation, { heights });
  else jailAbsent(ctx, node);
}

function jailAbsent(ctx: WriteContext, node: Node): void {
  const { organisation } = node;
  const { jailBlocks, slashBasisPoints } = currentSettings(ctx).downtime;
  const until = ctx.height + jailBlocks;
  absences.delete(ctx, organisation);
  nodes.set(ctx, organisation, { ...node, jail: { reason: "downtime", until } });
  ctx.emit(jailed({ organisation, reason: "downtime", until, slashed: slash(ctx, organisation, slashBasisPoints) }));
}

/** The node that votes with the key now, or did until this epoch. */
function nodeOfKey(ctx: BlockContext, address: string): Node | undefined {
  const owner = keys.get(ctx, address);
  const node = owner && nodes.get(ctx, owner.organisation);
  return node && [node.publicKey, node.formerKey].includes(owner.publicKey) ? node : undefined;
}
