import type { Static } from "typebox";
import type { Context } from "../../../app/context.ts";
import type { Validator } from "../../../app/parameters.ts";
import { isFromVersion } from "../../../app/upgrades.ts";
import { requireHexBytes } from "../../../crypto/hex.ts";
import { isEd25519PublicKey } from "../../../crypto/public-key.ts";
import { isMember } from "../../governance/index.ts";
import { errors } from "../errors.ts";
import { keyReplaced, leaving, readyAnnounced, registered, unjailed } from "../events.ts";
import { keyProofBytes, readyProofBytes } from "../proofs.ts";
import type { AnnounceReady, NodeReference, Register } from "../schema.ts";
import { MAX_NODES } from "../settings.ts";
import { absences, addressOf, allNodes, currentSet, currentSettings, keys, nodes, requireNode } from "../state.ts";

/** `validators.register`: an organisation's node, with a key that it shows to hold. It has power once it is ready and the policy gives it some. */
export function register(ctx: Context, message: Static<typeof Register>): void {
  const { organisation, publicKey } = message;
  requireOperator(ctx, organisation);
  if (!isMember(ctx, organisation)) throw errors.NotMember({ organisation });
  if (nodes.has(ctx, organisation)) throw errors.AlreadyRegistered({ organisation });
  if (allNodes(ctx).length >= MAX_NODES) throw errors.TooManyNodes();
  requireFreshKey(ctx, message);

  takeKey(ctx, message);
  nodes.set(ctx, organisation, { organisation, publicKey, registeredAt: ctx.height });
  ctx.emit(registered({ organisation, publicKey }));
}

/** `validators.replaceKey`: the node votes with another key from the next epoch on. */
export function replaceKey(ctx: Context, message: Static<typeof Register>): void {
  const { organisation, publicKey } = message;
  requireOperator(ctx, organisation);
  const node = requireNode(ctx, organisation);
  if (node.leaving) throw errors.Leaving({ organisation });
  requireFreshKey(ctx, message);
  const set = currentSet(ctx);
  if (set.some((member) => member.publicKey === node.formerKey)) throw errors.ReplacedLately({ organisation });
  const power = powerOf(set, node.publicKey) + (isFromVersion(ctx, 4) ? powerBeingReplaced(ctx, set) : 0);
  if (power * 3 >= set.reduce((sum, member) => sum + member.power, 0)) throw errors.TooPowerful({ organisation, power });

  takeKey(ctx, message);
  // A sign of life is that of a key: before version 4 the next one took it over, and had power without one of its own.
  const { readyAt: _, ...silent } = node;
  nodes.set(ctx, organisation, { ...(isFromVersion(ctx, 4) ? silent : node), publicKey, formerKey: node.publicKey });
  ctx.emit(keyReplaced({ organisation, publicKey }));
}

function powerOf(set: readonly Validator[], publicKey: string | undefined): number {
  return set.find((member) => member.publicKey === publicKey)?.power ?? 0;
}

/** Power of all keys that another one replaces with the next epoch. */
function powerBeingReplaced(ctx: Context, set: readonly Validator[]): number {
  return allNodes(ctx).reduce((sum, { formerKey }) => sum + powerOf(set, formerKey), 0);
}

/** `validators.announceReady`: a sign of life, signed by the consensus key; anybody may carry it. */
export function announceReady(ctx: Context, { organisation, height, proof }: Static<typeof AnnounceReady>): void {
  const node = requireNode(ctx, organisation);
  requireProof(ctx, { publicKey: node.publicKey, statement: readyProofBytes(ctx.chainId, organisation, height), proof });
  const { releasedAt = 0, ...free } = node;
  const oldest = Math.max(ctx.height - currentSettings(ctx).readinessBlocks, releasedAt);
  if (height > ctx.height || height < oldest || height <= (node.readyAt ?? 0)) throw errors.StaleSign({ height });

  nodes.set(ctx, organisation, { ...free, readyAt: height });
  ctx.emit(readyAnnounced({ organisation, height }));
}

/** `validators.leave`: without power from the next epoch on, and gone after it. What is bonded stays bonded until its owners unbond it. */
export function leave(ctx: Context, { organisation }: Static<typeof NodeReference>): void {
  requireOperator(ctx, organisation);
  const node = requireNode(ctx, organisation);
  if (node.leaving) throw errors.AlreadyLeaving({ organisation });

  nodes.set(ctx, organisation, { ...node, leaving: true });
  ctx.emit(leaving({ organisation }));
}

/** `validators.unjail`: after its time; before it has power again, the node must announce that it is ready. */
export function unjail(ctx: Context, { organisation }: Static<typeof NodeReference>): void {
  requireOperator(ctx, organisation);
  const node = requireNode(ctx, organisation);
  if (!node.jail) throw errors.NotJailed({ organisation });
  if (ctx.height < node.jail.until) throw errors.JailedYet({ until: node.jail.until });
  if (keys.get(ctx, addressOf(node.publicKey, ctx.crypto))!.convictedAt !== undefined) throw errors.Convicted({ organisation });

  const { jail: _, readyAt: __, ...free } = node;
  // Before version 4 a node that was released before the epoch ended, and still stood in the set, had power without another sign of life.
  nodes.set(ctx, organisation, isFromVersion(ctx, 4) ? { ...free, releasedAt: ctx.height } : free);
  absences.delete(ctx, organisation);
  ctx.emit(unjailed({ organisation }));
}

function requireOperator(ctx: Context, organisation: string): void {
  if (!ctx.signers.includes(organisation)) throw errors.NotOperator({ organisation });
}

/** A key that nobody else used, that was not convicted, and that whoever registers it holds. */
function requireFreshKey(ctx: Context, { organisation, publicKey, proof }: Static<typeof Register>): void {
  if (!isEd25519PublicKey(requireHexBytes(publicKey, 32))) throw errors.WeakKey();
  const owner = keys.get(ctx, addressOf(publicKey, ctx.crypto));
  const isOwn =
    owner?.organisation === organisation && owner.convictedAt === undefined && nodes.get(ctx, organisation)?.publicKey !== publicKey;
  if (owner && !isOwn) throw errors.KeyTaken();
  requireProof(ctx, { publicKey, statement: keyProofBytes(ctx.chainId, organisation), proof });
}

function requireProof(
  { crypto }: Context,
  { publicKey, statement, proof }: { readonly publicKey: string; readonly statement: Uint8Array; readonly proof: string },
): void {
  const isProven = crypto.verifyEd25519(requireHexBytes(publicKey, 32), statement, requireHexBytes(proof, 64));
  if (!isProven) throw errors.BadProof();
}

function takeKey(ctx: Context, { organisation, publicKey }: Static<typeof Register>): void {
  keys.set(ctx, addressOf(publicKey, ctx.crypto), { organisation, publicKey });
}
