import { deleteRange } from "./delete-range.ts";
import type { KeyValueStore } from "./kv.ts";
import { HEAD_KEY, restoringWrite, VALUES } from "./state-head.ts";

/** Deletes all records, the head last and marked before: a store in which this was interrupted opens for nobody, as if it were empty, over what is left. */
export async function clearStore(kv: KeyValueStore): Promise<void> {
  await kv.write([restoringWrite()]);
  await deleteRange(kv, { gte: Uint8Array.of(0), lt: HEAD_KEY });
  await deleteRange(kv, { gte: VALUES.gte, lt: Uint8Array.of(0xff) });
  await kv.write([{ key: HEAD_KEY, value: undefined }]);
}
