import { defineCollection, defineOrderedCollection } from "../../app/collection.ts";
import type { ReadContext } from "../../app/context.ts";
import { errors } from "./errors.ts";
import { DAY_MS, Setting, Unreviewed, Use, Uses } from "./schema.ts";

/** `emergency/settings/<owner>` -> what opens without a grant; no record: nothing */
export const settings = defineCollection<[owner: string], typeof Setting>("emergency/settings", Setting);
/** `emergency/recent/<reader>` -> when the reader used it within the day before the last use */
export const recent = defineCollection<[reader: string], typeof Uses>("emergency/recent", Uses);
/** `emergency/uses/<releaseId>` -> Use */
export const uses = defineCollection<[releaseId: string], typeof Use>("emergency/uses", Use);
/** `emergency/unreviewed/<at>/<releaseId>` -> uses that no auditor has looked at, the oldest first */
export const unreviewed = defineOrderedCollection<[at: number, releaseId: string], typeof Unreviewed>("emergency/unreviewed", Unreviewed);

/** When the reader used it within the last day, the oldest first. */
export function recentUses(ctx: Pick<ReadContext, "state" | "time">, reader: string): number[] {
  return (recent.get(ctx, reader)?.times ?? []).filter((at) => at > ctx.time - DAY_MS);
}

/** The use, or refuses with emergency/UnknownUse. */
export function requireUse(ctx: Pick<ReadContext, "state">, releaseId: string): Use {
  const use = uses.get(ctx, releaseId);
  if (!use) throw errors.UnknownUse({ releaseId });
  return use;
}
