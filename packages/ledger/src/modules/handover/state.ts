import { defineCollection } from "../../app/collection.ts";
import type { ReadContext, WriteContext } from "../../app/context.ts";
import { type Genesis, successorHash } from "../../app/genesis.ts";
import { errors } from "./errors.ts";
import { Announcement } from "./schema.ts";

/** `handover/announcement/current` -> Announcement; there once this chain has ended */
export const announcement = defineCollection<["current"], typeof Announcement>("handover/announcement", Announcement);

/** Refuses with handover/ChainEnded once a successor is announced. */
export function requireOpenChain(ctx: Pick<ReadContext, "state">): void {
  const successor = announcement.get(ctx, "current");
  if (successor) throw errors.ChainEnded({ chainId: successor.chainId });
}

/** In the first block of a successor: the end of its predecessor is behind it. Throws Error when that one announced another successor. */
export function beginSuccessor(ctx: WriteContext, genesis: Genesis): void {
  if (announcement.get(ctx, "current")?.successorHash !== successorHash(genesis, ctx.crypto))
    throw new Error(`${genesis.predecessor?.chainId} has not announced the network ${genesis.chainId} as its successor`);
  announcement.delete(ctx, "current");
}
