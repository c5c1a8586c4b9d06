import type { SignedHeader } from "@galen/engines/chain/tip";
import type { Engine } from "@galen/engines/engine";
import { errors } from "./api-error.ts";

/** The engine seals a block behind every change of state at once; who waits longer than this waits for an engine that has stopped. */
const HEADER_TIMEOUT_MS = 2_000;

/** The signed header of a height that is about to be sealed. Throws Refusal api/NotYetSealed. */
export async function sealedHeader(engine: Engine, height: number, signal: AbortSignal): Promise<SignedHeader> {
  return engine.commit(height) ?? (await nextHeader(engine, height, signal));
}

async function nextHeader(engine: Engine, height: number, signal: AbortSignal): Promise<SignedHeader> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(HEADER_TIMEOUT_MS)]);
  const { promise, resolve, reject } = Promise.withResolvers<SignedHeader>();
  const giveUp = () => reject(errors.NotYetSealed({ height, retryAfterMs: 1_000 }));
  patience.addEventListener("abort", giveUp, { once: true });
  const unsubscribe = engine.subscribe((block) => {
    if (block.height === height) resolve(block);
  });
  const sealedMeanwhile = engine.commit(height);
  if (sealedMeanwhile) resolve(sealedMeanwhile);
  else if (patience.aborted) giveUp(); // before anybody listened
  try {
    return await promise;
  } finally {
    unsubscribe();
  }
}
