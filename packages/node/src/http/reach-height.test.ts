import { setImmediate } from "node:timers/promises";
import type { Engine } from "@galen/engines/engine";
import { describe, expect, it } from "vitest";
import { reachHeight } from "./reach-height.ts";
import { sealedHeader } from "./sealed-header.ts";

/** A chain at height 1 of which blocks become durable one by one. */
function growingChain() {
  const listeners = new Set<(block: { readonly height: number }) => void>();
  let height = 1;
  const engine = {
    status: () => ({ height }),
    commit: (at: number) => (at <= height ? { height: at } : undefined),
    subscribe(listener: (block: { readonly height: number }) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Engine;
  function seal(): void {
    height += 1;
    for (const listener of listeners) listener({ height });
  }
  return { engine, listeners, seal };
}

describe.each<[name: string, wait: (engine: Engine, height: number, signal: AbortSignal) => Promise<unknown>]>([
  ["who waits for a block", reachHeight],
  ["who waits for a header", sealedHeader],
])("%s", (_, wait) => {
  it("hears of that height, not of one before it, and of no more", async () => {
    const { engine, listeners, seal } = growingChain();
    let isDone = false;
    const waiting = wait(engine, 3, new AbortController().signal).then(() => {
      isDone = true;
    });
    seal();
    await setImmediate();
    expect([isDone, listeners.size]).toEqual([false, 1]);
    seal();
    await waiting;
    expect(listeners.size).toBe(0);
  });

  it("listens no more when the client has gone", async () => {
    const { engine, listeners } = growingChain();
    const gone = new AbortController();
    const waiting = wait(engine, 3, gone.signal).catch(() => {});
    gone.abort();
    await waiting;
    expect(listeners.size).toBe(0);
  });

  it("does not wait when the node is stopping already", async () => {
    const { engine, listeners } = growingChain();
    let isDone = false;
    const waiting = wait(engine, 3, AbortSignal.abort())
      .catch((refusal: unknown) => expect(refusal).toMatchObject({ kind: { id: "api/NotYetSealed" } }))
      .then(() => {
        isDone = true;
      });
    await setImmediate();
    expect([isDone, listeners.size]).toEqual([true, 0]);
    await waiting;
  });

  it("has at once what is there", async () => {
    const { engine, listeners } = growingChain();
    await wait(engine, 1, new AbortController().signal);
    expect(listeners.size).toBe(0);
  });
});
