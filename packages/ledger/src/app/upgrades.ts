import { Type } from "typebox";
import { Height, Integer } from "../schema/types.ts";
import { defineCollection } from "./collection.ts";
import type { ReadContext, WriteContext } from "./context.ts";

const Version = Integer(1, 1_000_000);

const VersionRecord = Type.Object({ version: Version });

/** `ledger/version/current`: the application version that executes the next block. */
export const version = defineCollection<["current"], typeof VersionRecord>("ledger/version", VersionRecord);

/** `ledger/upgrade/planned`: from which height another version executes. */
export const UpgradePlan = Type.Object({ height: Height, version: Version });
export const upgrade = defineCollection<["planned"], typeof UpgradePlan>("ledger/upgrade", UpgradePlan);

/** The version that executes `height`, given the state after the block before it. */
export function versionAt(context: Pick<ReadContext, "state">, height: number): number {
  const planned = upgrade.get(context, "planned");
  if (planned && height >= planned.height) return planned.version;
  return version.get(context, "current")?.version ?? 1;
}

/** Whether the rules of `number` or a later version execute: for handlers that are the same in all versions but for one rule. */
export function isFromVersion(context: Pick<ReadContext, "state">, number: number): boolean {
  return (version.get(context, "current")?.version ?? 1) >= number;
}

/** Records that the planned version has taken over. In its first block: the versions that have come since the one before, itself the last; else none. */
export function completeUpgrade(context: WriteContext): readonly number[] {
  const planned = upgrade.get(context, "planned");
  if (!planned || context.height < planned.height) return [];
  const before = versionAt(context, planned.height - 1);
  version.set(context, "current", { version: planned.version });
  upgrade.delete(context, "planned");
  return Array.from({ length: planned.version - before }, (_, at) => before + 1 + at);
}
