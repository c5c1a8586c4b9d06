import { defineCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { speakingKey } from "../validators/index.ts";
import { Ceremony, Dealing, Justification, KeySet, Offer, type Purpose, Running, UsedKey } from "./schema.ts";

/** `custody/keys/<purpose>` -> KeySet: the key in force. */
export const keys = defineCollection<[purpose: Purpose], typeof KeySet>("custody/keys", KeySet);
/** `custody/running/<purpose>` -> the ceremony that is running; no record when there is none. */
export const running = defineCollection<[purpose: Purpose], typeof Running>("custody/running", Running);
/** `custody/ceremonies/<ceremonyId>` -> Ceremony */
export const ceremonies = defineCollection<[ceremonyId: string], typeof Ceremony>("custody/ceremonies", Ceremony);
/** `custody/dealings/<ceremonyId>/<dealer>` -> Dealing */
export const dealings = defineCollection<[ceremonyId: string, dealer: number], typeof Dealing>("custody/dealings", Dealing);
/** `custody/justifications/<ceremonyId>/<dealer>/<receiver>` -> the share in clear */
export const justifications = defineCollection<[ceremonyId: string, dealer: number, receiver: number], typeof Justification>(
  "custody/justifications",
  Justification,
);
/** `custody/offers/<account>` -> the key to which a custodian wants its share of the next ceremony to be sealed, and whose it is; from ledger version 3 on */
export const offers = defineCollection<[account: string], typeof Offer>("custody/offers", Offer);
/** `custody/usedKeys/<sealingKey>` -> the ceremony in which it was named, and for which custodian of whom; from ledger version 3 on */
export const usedKeys = defineCollection<[sealingKey: string], typeof UsedKey>("custody/usedKeys", UsedKey);

/** The account's offer, as long as the node that vouched for it speaks for its organisation with the same key. */
export function standingOffer(ctx: Pick<ReadContext, "state">, account: string): Offer | undefined {
  const offer = offers.get(ctx, account);
  return offer && speakingKey(ctx, offer.organisation) === offer.nodeKey ? offer : undefined;
}

/** Whose custodian receives, or has received, by this sealing key; undefined where the ledger does not say. */
export function organisationOf(
  ctx: Pick<ReadContext, "state">,
  { account, sealingKey }: { readonly account: string; readonly sealingKey: string },
): string | undefined {
  const used = usedKeys.get(ctx, sealingKey);
  if (used) return used.account === account ? used.organisation : undefined;
  const offer = standingOffer(ctx, account);
  return offer?.sealingKey === sealingKey ? offer.organisation : undefined;
}

/** The collective key under which objects are sealed and released, or undefined before the first ceremony has finished. */
export function releaseKey(ctx: Pick<ReadContext, "state">): KeySet | undefined {
  return keys.get(ctx, "release");
}
