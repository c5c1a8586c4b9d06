import type { KeyValueStore } from "@galen/ledger/store/kv";
import { StoreError } from "@galen/ledger/store/store-error";
import { ClassicLevel } from "classic-level";

/** A KeyValueStore over LevelDB. */
export async function openLevelStore(path: string): Promise<KeyValueStore> {
  const db = new ClassicLevel<Uint8Array, Uint8Array>(path, { keyEncoding: "view", valueEncoding: "view" });
  try {
    await db.open();
  } catch (error) {
    const { code } = (error as { cause?: { code?: string } }).cause ?? {};
    if (code === "LEVEL_LOCKED")
      throw new StoreError("StoreLocked", `${path} belongs to a node that is running; stop it first`, { cause: error });
    throw new StoreError("StoreUnreadable", `${path} cannot be opened`, { cause: error });
  }
  let last = Promise.resolve();
  return {
    get: (key) => db.getSync(key),
    write(batch) {
      last = last.then(() =>
        db.batch(
          batch.map(({ key, value }) => (value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value })),
          { sync: true },
        ),
      );
      return last;
    },
    async *range({ gte, lt, reverse = false, limit = -1 }) {
      for await (const [key, value] of db.iterator({ gte, lt, reverse, limit })) yield [key, value] as const;
    },
    close: () => db.close(),
  };
}
