import { portableCrypto } from "../crypto/portable.ts";
import type { KeyValueStore } from "../store/kv.ts";
import { openStateStore, type StateStore } from "../store/state-store.ts";
import { BUCKET_PREFIX } from "../store/tree/bucket-record.ts";

/** Opens the state that `kv` holds and tells whether that took all buckets of its tree, which a summary spares it. */
export async function openState(kv: KeyValueStore): Promise<{ readonly state: StateStore; readonly readsBuckets: boolean }> {
  let readsBuckets = false;
  const range: KeyValueStore["range"] = (options) => {
    readsBuckets ||= options.gte[0] === BUCKET_PREFIX;
    return kv.range(options);
  };
  const state = await openStateStore({ kv: { ...kv, range }, crypto: portableCrypto });
  return { state, readsBuckets };
}
