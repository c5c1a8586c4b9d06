import { defineCollection } from "../../app/collection.ts";
import type { ReadContext, WriteContext } from "../../app/context.ts";
import { type Genesis, successorHash } from "../../app/genesis.ts";
import type { Message } from "../../tx/transaction.ts";
import { errors } from "./errors.ts";
import { Announcement, type Successor } from "./schema.ts";

/** `handover/announcement/current` -> Announcement; there once this chain has ended */
export const announcement = defineCollection<["current"], typeof Announcement>("handover/announcement", Announcement);

/** Refuses with handover/ChainEnded once a successor is announced. */
export function requireOpenChain(ctx: Pick<ReadContext, "state">): void {
  const successor = announcement.get(ctx, "current");
  if (successor) throw errors.ChainEnded({ chainId: successor.chainId });
}

/**
 * From version 4 on, an ended chain still takes one thing: the decision for another successor, alone in its transaction; the last one counts. For what was
 * named may turn out unable to begin, and with it everything that the chain holds would be lost. Refuses with handover/ChainEnded.
 */
export function requireOpenFor(ctx: Pick<ReadContext, "state">, messages: readonly Message[]): void {
  const [only] = messages;
  const isRenaming = messages.length === 1 && only!.type === "handover.announce";
  const isOther = isRenaming && (only!.value as Successor).successorHash !== announcement.get(ctx, "current")?.successorHash;
  if (!isOther) requireOpenChain(ctx);
}

/** In the first block of a successor: the end of its predecessor is behind it. Throws Error when that one announced another successor. */
export function beginSuccessor(ctx: WriteContext, genesis: Genesis): void {
  if (announcement.get(ctx, "current")?.successorHash !== successorHash(genesis, ctx.crypto))
    throw new Error(`${genesis.predecessor?.chainId} has not announced the network ${genesis.chainId} as its successor`);
  announcement.delete(ctx, "current");
}
