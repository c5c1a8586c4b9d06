import { defineCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
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
/** `custody/offers/<account>` -> the key to which the account wants shares of the next ceremony to be sealed; from ledger version 3 on */
export const offers = defineCollection<[account: string], typeof Offer>("custody/offers", Offer);
/** `custody/usedKeys/<sealingKey>` -> the ceremony in which it was named; from ledger version 3 on */
export const usedKeys = defineCollection<[sealingKey: string], typeof UsedKey>("custody/usedKeys", UsedKey);

/** The collective key under which objects are sealed and released, or undefined before the first ceremony has finished. */
export function releaseKey(ctx: Pick<ReadContext, "state">): KeySet | undefined {
  return keys.get(ctx, "release");
}
