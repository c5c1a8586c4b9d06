import type { KeyValueStore, Write } from "@galen/ledger/store/kv";

/** Deletions in one write. */
const BATCH = 10_000;

/** Deletes everything in the store: what is left of a snapshot that was not the right one. */
export async function clearStore(kv: KeyValueStore): Promise<void> {
  let batch: Write[] = [];
  for await (const [key] of kv.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff) })) {
    batch.push({ key, value: undefined });
    if (batch.length < BATCH) continue;
    await kv.write(batch);
    batch = [];
  }
  if (batch.length > 0) await kv.write(batch);
}
