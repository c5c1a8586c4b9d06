import type { WriteContext } from "../../app/context.ts";
import { purposes } from "./schema.ts";
import { ceremonies, keys, running, usedKeys } from "./state.ts";

/** From version 2 to 3: the sealing keys of the key in force and of a ceremony under way have served. That ceremony goes on. */
export function recordUsedKeys(ctx: WriteContext): void {
  for (const purpose of purposes) {
    const ids = [keys.get(ctx, purpose)?.ceremonyId, running.get(ctx, purpose)?.ceremonyId].filter((id) => id !== undefined);
    for (const ceremonyId of ids) {
      for (const { account, sealingKey } of ceremonies.get(ctx, ceremonyId)!.receivers)
        usedKeys.set(ctx, sealingKey, { ceremonyId, account });
    }
  }
}
