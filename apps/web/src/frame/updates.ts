/** A version that waits to be taken; or one that was taken in another tab, while this one goes on with the version before. */
export type Update = { readonly kind: "waiting"; readonly worker: ServiceWorker } | { readonly kind: "taken" };
type Listener = (update: Update) => void;

const listeners = new Set<Listener>();
let latest: Update | undefined;
let isTakingHere = false;

/** Hears of other versions. Gives the function that ends it. */
export function onUpdate(listener: Listener): () => void {
  listeners.add(listener);
  if (latest) listener(latest);
  return () => listeners.delete(listener);
}

/** Tells who hears of other versions. */
export function announce(update: Update): void {
  latest = update;
  for (const listener of listeners) listener(update);
}

/** Another worker serves this tab now. The first one takes over a page that is its own version already. */
export function noteChange({ isFirst }: { readonly isFirst: boolean }): void {
  if (isTakingHere) location.reload();
  else if (!isFirst) announce({ kind: "taken" });
}

/** Changes this tab to a version. Other tabs may be in the middle of something: they change when their user says so. */
export function takeUpdate(update: Update): void {
  if (update.kind === "taken") location.reload();
  else {
    isTakingHere = true;
    update.worker.postMessage("take-over");
  }
}

/** The sum of all pinned hashes of a version. */
export function fingerprintOf(worker: ServiceWorker): Promise<string> {
  return new Promise((resolve) => {
    const hear = ({ data }: MessageEvent) => {
      if (typeof data?.fingerprint !== "string") return;
      navigator.serviceWorker.removeEventListener("message", hear);
      resolve(data.fingerprint);
    };
    navigator.serviceWorker.addEventListener("message", hear);
    worker.postMessage("fingerprint");
  });
}

/** The fingerprint of the version in use; null where this browser keeps no app. */
export async function ownFingerprint(): Promise<string | null> {
  if (!("serviceWorker" in navigator)) return null;
  const { active } = await navigator.serviceWorker.ready;
  return active && fingerprintOf(active);
}
