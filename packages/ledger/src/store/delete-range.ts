import type { KeyValueStore, RangeOptions, RecordWrite } from "./kv.ts";

/** Deletions in one write: enough to be quick, few enough not to hold up a block. */
const BATCH = 1_000;

/** Deletes all records of a range, some at a time. Returns how many. */
export async function deleteRange(kv: KeyValueStore, range: Pick<RangeOptions, "gte" | "lt">): Promise<number> {
  let deleted = 0;
  let batch: RecordWrite[] = [];
  for await (const [key] of kv.range(range)) {
    batch.push({ key, value: undefined });
    deleted += 1;
    if (batch.length < BATCH) continue;
    await kv.write(batch);
    batch = [];
  }
  if (batch.length > 0) await kv.write(batch);
  return deleted;
}
