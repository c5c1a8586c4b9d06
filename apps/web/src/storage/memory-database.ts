import { tellForbidden } from "./tell-forbidden.ts";

interface Keyed {
  readonly account: string;
}

/** In place of a database that the browser forbids, and as much of one as is used here: values are kept as long as the page, which says so. */
export function memoryDatabase(stores: readonly string[]): IDBDatabase {
  const values = new Map(stores.map((store) => [store, new Map<string, Keyed>()]));
  tellForbidden();
  return { transaction: (store: string) => heard({ objectStore: () => storeOf(values.get(store)!) }) } as unknown as IDBDatabase;
}

function storeOf(values: Map<string, Keyed>) {
  return {
    get: (key: string) => heard({ result: values.get(key) }),
    getAll: () => heard({ result: [...values.values()] }),
    put: (value: Keyed) => heard({ result: values.set(value.account, value) }),
    delete: (key: string) => heard({ result: values.delete(key) }),
  };
}

/** Tells those who listen from now on that it was done, as the browser's own requests and transactions do. */
function heard<T extends object>(done: T): T {
  const told: T & { onsuccess?: () => void; oncomplete?: () => void } = done;
  queueMicrotask(() => {
    told.onsuccess?.();
    told.oncomplete?.();
  });
  return done;
}
