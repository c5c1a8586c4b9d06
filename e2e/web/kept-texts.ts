import type { Page } from "playwright-core";

/** What runs in the page, as text: this file is type-checked without a browser's names. */
const KEPT = `(async () => {
  const texts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const readable = (_key, value) =>
    value instanceof ArrayBuffer || value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      texts.push(JSON.stringify(await settled(database.transaction(store).objectStore(store).getAll()), readable));
    }
    database.close();
  }
  return texts.join("\\n");
})()`;

/** Everything that the browser keeps of the app's databases and stores. */
export function keptTexts(page: Page): Promise<string> {
  return page.evaluate<string>(KEPT);
}

/** The addresses whose answers the offline shell keeps. */
export function cachedAddresses(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => url);
  })()`);
}
