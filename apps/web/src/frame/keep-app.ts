import { announce, noteChange } from "./updates.ts";

/** Keeps the app on this device, so that it opens without a network and without asking the server for its code. */
export async function keepApp(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  let hasController = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    noteChange({ isFirst: !hasController });
    hasController = true;
  });
  // Browsers may forbid it, as some do in private windows: then the app comes from the node each time.
  const registration = await navigator.serviceWorker.register("/offline-worker.js").catch(() => undefined);
  if (!registration) return;
  if (registration.waiting && hasController) announce({ kind: "waiting", worker: registration.waiting });
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) announce({ kind: "waiting", worker });
    });
  });
}
