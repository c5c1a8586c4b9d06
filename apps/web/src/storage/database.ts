/** Stores of one IndexedDB database, as far as the app needs them: values by key, each call a transaction of its own. */
export interface Database<Stores extends Record<string, unknown>> {
  get<Name extends keyof Stores & string>(store: Name, key: string): Promise<Stores[Name] | undefined>;
  getAll<Name extends keyof Stores & string>(store: Name): Promise<readonly Stores[Name][]>;
  put<Name extends keyof Stores & string>(store: Name, value: Stores[Name]): Promise<void>;
  delete<Name extends keyof Stores & string>(store: Name, key: string): Promise<void>;
}

export interface DatabaseOptions {
  readonly name: string;
  readonly version: number;
  /** Every store keeps its values by their `account`. */
  readonly stores: readonly string[];
}

/** A database that is opened by the first call. */
export function createDatabase<Stores extends Record<string, unknown>>(options: DatabaseOptions): Database<Stores> {
  let opening: Promise<IDBDatabase> | undefined;

  async function run<T>(store: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    opening ??= open(options, () => {
      opening = undefined;
    });
    const transaction = (await opening).transaction(store, mode);
    const result = settled(act(transaction.objectStore(store)));
    // What was written counts when the transaction is complete, not when the request is.
    await Promise.all([result, mode === "readwrite" ? completed(transaction) : undefined]);
    return result;
  }

  return {
    get: (store, key) => run(store, "readonly", (one) => one.get(key)),
    getAll: (store) => run(store, "readonly", (one) => one.getAll()),
    put: async (store, value) => void (await run(store, "readwrite", (one) => one.put(value))),
    delete: (store, key) => run(store, "readwrite", (one) => one.delete(key)),
  };
}

/** Gives a database in memory where the browser lets pages keep nothing. */
async function open(options: DatabaseOptions, onClosed: () => void): Promise<IDBDatabase> {
  try {
    return await openKept(options, onClosed);
  } catch {
    const { memoryDatabase } = await import("./memory-database.ts");
    return memoryDatabase(options.stores);
  }
}

async function openKept({ name, version, stores }: DatabaseOptions, onClosed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store, { keyPath: "account" });
  };
  const opened = await settled(request);
  // A tab with a newer version of the app waits until all others have let go.
  opened.onversionchange = () => {
    opened.close();
    onClosed();
  };
  return opened;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's storage failed"));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser's storage is full"));
  });
}
