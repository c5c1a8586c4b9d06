import type { WriteContext } from "../../app/context.ts";
import { requireHexBytes } from "../../crypto/hex.ts";
import { isEd25519PublicKey } from "../../crypto/public-key.ts";
import { allMembers, isMember } from "../governance/index.ts";
import { epochAt } from "./epochs.ts";
import { jailed } from "./events.ts";
import type { Founding, FoundingNode } from "./schema.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { absences, addressOf, allNodes, currentSet, entropy, epochBase, keys, miners, nodes, puzzle, settings } from "./state.ts";
import { beginFirstWork } from "./work.ts";

/** Genesis: the nodes behind the validators of the document, and what gives power from the first epoch on. Throws Error on what cannot be. */
export function found(ctx: WriteContext, document: Founding): void {
  requireMembers(ctx, document);
  foundFrom(ctx, document, 0);
}

function requireMembers(ctx: WriteContext, { nodes }: Founding): void {
  const stranger = nodes.find(({ organisation }) => !isMember(ctx, organisation));
  if (stranger) throw new Error(`validators: ${stranger.organisation} runs a node and is no member of the alliance`);
}

/** Of a key whose organisation is no member only the power is taken over, which goes with the next epochs, as that of a node whose organisation has left. */
function foundFrom(ctx: WriteContext, document: Founding, epoch: number): void {
  requireFitting(ctx, document);
  for (const node of document.nodes) if (isMember(ctx, node.organisation)) addNode(ctx, node, document.settings);
  begin(ctx, document.settings, epoch);
}

/** What the document alone decides: each of its validators is one organisation's node. */
function requireFitting(ctx: WriteContext, document: Founding): void {
  const wanted = new Set(currentSet(ctx).map(({ publicKey }) => publicKey));
  const named = new Set<string>();
  for (const { organisation, publicKey } of document.nodes) {
    if (named.has(organisation)) throw new Error(`validators: ${organisation} is named twice`);
    if (!wanted.delete(publicKey)) throw new Error(`validators: the key ${publicKey} is no validator of the document, or another's`);
    if (!isEd25519PublicKey(requireHexBytes(publicKey, 32)))
      throw new Error(`validators: ${publicKey} is no Ed25519 key that one can hold`);
    named.add(organisation);
  }
  if (wanted.size > 0) throw new Error("validators: a validator of the document belongs to no organisation");
}

/**
 * A chain that has validators and no word on whose they are: one of an older version, or with a document that does not say. A single one is the
 * first member's. Of several, each organisation claims its own by registering the key; until all have, the set stays as it is.
 */
export function adopt(ctx: WriteContext): void {
  adoptFrom(ctx, 0);
}

function adoptFrom(ctx: WriteContext, epoch: number): void {
  const set = currentSet(ctx);
  const chosen = { ...defaultSettings, minValidators: set.length };
  if (set.length === 1) addNode(ctx, { organisation: allMembers(ctx)[0]!.organisation, publicKey: set[0]!.publicKey }, chosen);
  begin(ctx, chosen, epoch);
}

/**
 * A chain that goes on in a network with validators of its own: the nodes of before are gone, what is bonded to their organisations stays, and so does who
 * answers for the old keys. Epochs are counted on, for what is unbonded falls due by their numbers. Nothing that happened on the old chain after the decision
 * can keep the network from beginning: a convicted key begins in jail, and that of no member without owner. Throws Error on a document that fits no chain.
 */
export function refound(ctx: WriteContext, document: Founding | undefined): void {
  const epoch = epochAt(ctx, ctx.height - 1).number + 1;
  // Also of those whose node was gone before: they would begin with solutions, and who stayed without.
  for (const { organisation } of allMembers(ctx)) miners.delete(ctx, organisation);
  refoundFrom(ctx, document, epoch);
}

/**
 * As versions 2 and 3 had it: epochs counted from 0 again, so that what was unbonded before fell due, and was slashed, as many epochs later. Throws Error
 * likewise, on the node of an organisation that is no member, and on a key that was convicted.
 */
export function refoundStrictly(ctx: WriteContext, document: Founding | undefined): void {
  if (document) requireMembers(ctx, document);
  for (const { publicKey } of currentSet(ctx)) {
    if (convictionOf(ctx, publicKey) !== undefined)
      throw new Error(`validators: ${publicKey} was convicted on the chain before; make another`);
  }
  refoundFrom(ctx, document, 0);
}

function refoundFrom(ctx: WriteContext, document: Founding | undefined, epoch: number): void {
  for (const { organisation } of allNodes(ctx)) {
    nodes.delete(ctx, organisation);
    absences.delete(ctx, organisation);
    miners.delete(ctx, organisation);
  }
  settings.delete(ctx, "planned");
  puzzle.delete(ctx, "current");
  entropy.delete(ctx, "current");
  if (document) foundFrom(ctx, document, epoch);
  else adoptFrom(ctx, epoch);
}

/** A conviction on the chain before stays with the key: it needs another one to come out of jail, and no evidence counts twice. */
function addNode(ctx: WriteContext, { organisation, publicKey }: FoundingNode, { doubleSign }: Settings): void {
  const convictedAt = convictionOf(ctx, publicKey);
  const node = { organisation, publicKey, registeredAt: ctx.height };
  keys.set(ctx, addressOf(publicKey, ctx.crypto), { organisation, publicKey, ...(convictedAt !== undefined && { convictedAt }) });
  if (convictedAt === undefined) {
    nodes.set(ctx, organisation, node);
    return;
  }
  const jail = { reason: "double-sign", until: ctx.height + doubleSign.jailBlocks } as const;
  nodes.set(ctx, organisation, { ...node, jail });
  ctx.emit(jailed({ organisation, ...jail, slashed: 0 }));
}

/** Height at which the key was convicted; undefined when it was not. */
function convictionOf(ctx: WriteContext, publicKey: string): number | undefined {
  return keys.get(ctx, addressOf(publicKey, ctx.crypto))?.convictedAt;
}

function begin(ctx: WriteContext, chosen: Settings, epoch: number): void {
  settings.set(ctx, "current", chosen);
  epochBase.set(ctx, "current", { number: epoch, startHeight: ctx.height, policySince: epoch });
  const founders = allNodes(ctx).map(({ organisation }) => organisation);
  if (chosen.policy.kind === "work") beginFirstWork(ctx, chosen.policy, founders);
}
