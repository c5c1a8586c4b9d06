import type { WriteContext } from "../../app/context.ts";
import { requireHexBytes } from "../../crypto/hex.ts";
import { isEd25519PublicKey } from "../../crypto/public-key.ts";
import { allMembers, isMember } from "../governance/index.ts";
import { epochAt } from "./epochs.ts";
import type { Founding } from "./schema.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { absences, addressOf, allNodes, currentSet, entropy, epochBase, keys, miners, nodes, puzzle, settings } from "./state.ts";
import { beginFirstWork } from "./work.ts";

/** Genesis: the nodes behind the validators of the document, and what gives power from the first epoch on. Throws Error on what cannot be. */
export function found(ctx: WriteContext, document: Founding): void {
  foundFrom(ctx, document, 0);
}

function foundFrom(ctx: WriteContext, document: Founding, epoch: number): void {
  const wanted = new Set(currentSet(ctx).map(({ publicKey }) => publicKey));
  for (const { organisation, publicKey } of document.nodes) {
    if (!isMember(ctx, organisation)) throw new Error(`validators: ${organisation} runs a node and is no member of the alliance`);
    if (nodes.has(ctx, organisation)) throw new Error(`validators: ${organisation} is named twice`);
    if (!wanted.delete(publicKey)) throw new Error(`validators: the key ${publicKey} is no validator of the document, or another's`);
    if (!isEd25519PublicKey(requireHexBytes(publicKey, 32)))
      throw new Error(`validators: ${publicKey} is no Ed25519 key that one can hold`);
    addNode(ctx, organisation, publicKey);
  }
  if (wanted.size > 0) throw new Error("validators: a validator of the document belongs to no organisation");
  begin(ctx, document.settings, epoch);
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
  if (set.length === 1) addNode(ctx, allMembers(ctx)[0]!.organisation, set[0]!.publicKey);
  begin(ctx, { ...defaultSettings, minValidators: set.length }, epoch);
}

/**
 * A chain that goes on in a network with validators of its own: the nodes of before are gone, what is bonded to their organisations stays, and so does who
 * answers for the old keys. Epochs are counted on, for what is unbonded falls due by their numbers. Throws Error likewise, and on a key that was convicted.
 */
export function refound(ctx: WriteContext, document: Founding | undefined): void {
  const epoch = epochAt(ctx, ctx.height - 1).number + 1;
  // Also of those whose node was gone before: they would begin with solutions, and who stayed without.
  for (const { organisation } of allMembers(ctx)) miners.delete(ctx, organisation);
  refoundFrom(ctx, document, epoch);
}

/** As versions 2 and 3 had it: epochs counted from 0 again, so that what was unbonded before fell due, and was slashed, as many epochs later. */
export function refoundAtZero(ctx: WriteContext, document: Founding | undefined): void {
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
  for (const { publicKey } of currentSet(ctx)) {
    if (keys.get(ctx, addressOf(publicKey, ctx.crypto))?.convictedAt !== undefined)
      throw new Error(`validators: ${publicKey} was convicted on the chain before; make another`);
  }
  if (document) foundFrom(ctx, document, epoch);
  else adoptFrom(ctx, epoch);
}

function addNode(ctx: WriteContext, organisation: string, publicKey: string): void {
  nodes.set(ctx, organisation, { organisation, publicKey, registeredAt: ctx.height });
  keys.set(ctx, addressOf(publicKey, ctx.crypto), { organisation, publicKey });
}

function begin(ctx: WriteContext, chosen: Settings, epoch: number): void {
  settings.set(ctx, "current", chosen);
  epochBase.set(ctx, "current", { number: epoch, startHeight: ctx.height, policySince: epoch });
  const founders = allNodes(ctx).map(({ organisation }) => organisation);
  if (chosen.policy.kind === "work") beginFirstWork(ctx, chosen.policy, founders);
}
