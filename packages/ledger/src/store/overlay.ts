import type { StateReader, StateWriter } from "./state-store.ts";

/** Changes kept apart from what they are based on, until they are merged or dropped. */
export interface Overlay extends StateWriter {
  /** The last change of each key since creation or `clear`; undefined deletes. */
  readonly changes: ReadonlyMap<string, Uint8Array | undefined>;
  /** Forgets all changes. */
  clear(): void;
  /** Repeats the changes on `target`, in the order in which their keys were first changed. The overlay keeps them. */
  mergeInto(target: StateWriter): void;
}

/**
 * Lays an empty overlay over `parent`: reads fall through, writes stay. A block is an overlay over the store, a transaction one over
 * its block; a refused transaction is a dropped overlay.
 */
export function createOverlay(parent: StateReader): Overlay {
  const changes = new Map<string, Uint8Array | undefined>();
  // Deletions are rare, and without one a key that the map does not have takes one look-up instead of two.
  let mayDelete = false;
  return {
    changes,
    get(key) {
      const changed = changes.get(key);
      return changed !== undefined || (mayDelete && changes.has(key)) ? changed : parent.get(key);
    },
    set(key, value) {
      changes.set(key, value);
    },
    delete(key) {
      changes.set(key, undefined);
      mayDelete = true;
    },
    clear() {
      changes.clear();
    },
    mergeInto(target) {
      changes.forEach((value, key) => {
        if (value === undefined) target.delete(key);
        else target.set(key, value);
      });
    },
  };
}
