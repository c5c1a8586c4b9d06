/** Short texts by name. */
export interface Kept {
  get(name: string): string | null;
  set(name: string, text: string): void;
  remove(name: string): void;
}

/** Keeps in what the browser gives; where it forbids that, as some do with all cookies blocked, in the memory of the page. */
export function createKept(given: () => Storage): Kept {
  const memory = new Map<string, string>();

  function attempt<T>(act: (storage: Storage) => T): T | undefined {
    try {
      return act(given());
    } catch {
      return undefined;
    }
  }

  return {
    get: (name) => memory.get(name) ?? attempt((storage) => storage.getItem(name)) ?? null,
    set(name, text) {
      memory.set(name, text);
      attempt((storage) => {
        storage.setItem(name, text);
        // What other tabs write there counts here, too.
        memory.delete(name);
      });
    },
    remove(name) {
      memory.delete(name);
      attempt((storage) => storage.removeItem(name));
    },
  };
}

/** For all tabs of this browser. */
export const keptByBrowser = createKept(() => localStorage);
/** For this tab, until it is closed. */
export const keptByTab = createKept(() => sessionStorage);
