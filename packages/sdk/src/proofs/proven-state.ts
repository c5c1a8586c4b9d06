import type { Collection } from "@galen/ledger/app/collection";
import type { StateReader } from "@galen/ledger/store/state-store";
import type { Client } from "../client/client.ts";
import { readProvenList } from "./read-proven.ts";

/** As much of the state as has been proven, for the ledger's own rules to judge by; what was not asked for is not there. */
export interface ProvenState {
  readonly state: StateReader;
  /** Has records proven, at most 128, and gives those that there are, in the order of the ids. Rejects like `readProvenList`. */
  prove<V>(collection: Collection<[id: string], V>, ids: readonly string[]): Promise<readonly V[]>;
}

/** Of which nothing has been proven yet. */
export function provenState(client: Client): ProvenState {
  const records = new Map<string, Uint8Array>();
  return {
    state: { get: (key) => records.get(key) },
    async prove(collection, ids) {
      if (ids.length === 0) return [];
      const keys = ids.map((id): [id: string] => [id]);
      const found = await readProvenList(client, collection, keys);
      return found.flatMap(({ value }, place) => {
        if (value === undefined) return [];
        records.set(collection.keyOf(ids[place]!), collection.encode(value));
        return [value];
      });
    },
  };
}
