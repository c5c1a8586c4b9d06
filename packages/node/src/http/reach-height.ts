import type { Engine } from "@galen/engines/engine";

/** A node that is further behind catches up first; the client asks another. */
const MAX_WAIT_MS = 3_000;

/** Resolves when the block of a height is durable here, or cannot be waited for: whoever asks then finds what there is. */
export async function reachHeight(engine: Pick<Engine, "status" | "subscribe">, height: number, signal: AbortSignal): Promise<void> {
  if (height <= engine.status().height) return;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]);
  const { promise, resolve } = Promise.withResolvers<void>();
  patience.addEventListener("abort", () => resolve(), { once: true });
  const unsubscribe = engine.subscribe((block) => {
    if (block.height >= height) resolve();
  });
  if (height <= engine.status().height || patience.aborted) resolve(); // of both nobody tells once they have come
  await promise;
  unsubscribe();
}
