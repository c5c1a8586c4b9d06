type Listener = (worker: ServiceWorker) => void;

const listeners = new Set<Listener>();
let waiting: ServiceWorker | undefined;

/** Hears of a version that waits to be taken. Gives the function that ends it. */
export function onUpdate(listener: Listener): () => void {
  listeners.add(listener);
  if (waiting) listener(waiting);
  return () => listeners.delete(listener);
}

function announce(worker: ServiceWorker): void {
  waiting = worker;
  for (const listener of listeners) listener(worker);
}

/** Keeps the app on this device, so that it opens without a network and without asking the server for its code. */
export async function keepApp(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const hadController = navigator.serviceWorker.controller !== null;
  // Only a change of versions reloads; the first worker takes over a page that is its own version already.
  if (hadController) navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  const registration = await navigator.serviceWorker.register("/offline-worker.js");
  if (registration.waiting && hadController) announce(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) announce(worker);
    });
  });
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
