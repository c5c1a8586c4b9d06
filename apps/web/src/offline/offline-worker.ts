// The offline shell of the app. It keeps the app's own files and nothing else: no answer of the API, and so no patient's data, ever reaches this cache.
declare const PINS: { readonly fingerprint: string; readonly pins: Readonly<Record<string, string>>; readonly shell: readonly string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `galen-${PINS.fingerprint}`;
const PAGE = "/index.html";

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("message", ({ data, source }) => {
  if (data === "take-over") void worker.skipWaiting();
  if (data === "fingerprint") source?.postMessage({ fingerprint: PINS.fingerprint });
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageFor(url, request));
  else if (Object.hasOwn(PINS.pins, url.pathname)) event.respondWith(pinned(url.pathname));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(ofVersionBefore(url.pathname, request));
});

/** The page of another version stays until its user takes the new one. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(PINS.shell.map(async (path) => cache.put(path, await fetchPinned(path))));
}

/** The version before stays, for tabs in which it still runs. Caches come in the order in which they were made. */
async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith("galen-") && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** A navigation to the API or to a file is none to the app. */
async function pageFor(url: URL, request: Request): Promise<Response> {
  if (/^\/(v1|metrics|sample-town)(\/|$)/.test(url.pathname)) return fetch(request);
  return pinned(PAGE);
}

/** The server no longer has what a tab of the version before asks for. It was checked when it was kept. */
async function ofVersionBefore(path: string, request: Request): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

async function pinned(path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const fetched = await fetchPinned(path);
  await cache.put(path, fetched.clone());
  return fetched;
}

/** Bytes with another hash are a network error to the page. */
async function fetchPinned(path: string): Promise<Response> {
  const response = await fetch(path, { integrity: PINS.pins[path]!, cache: "no-cache", credentials: "omit" });
  if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
  return response;
}
