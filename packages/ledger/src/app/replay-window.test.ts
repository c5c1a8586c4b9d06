import fc from "fast-check";
import { expect, it } from "vitest";
import { portableCrypto } from "../crypto/portable.ts";
import { createMemoryStore } from "../store/memory.ts";
import { createOverlay } from "../store/overlay.ts";
import { type Executed, openReplayWindow, sweepReplayWindow } from "./replay-window.ts";

const MINUTE_MS = 60_000;
const START = 1_700_000_040_000; // a full minute

// Few bodies in few minutes; those of one head set the same bits in the filter, so that it says a wrong yes.
const body = fc
  .record({ head: fc.constantFrom("a", "b"), tail: fc.constantFrom("0", "1", "2"), minute: fc.integer({ min: 0, max: 4 }) })
  .map(({ head, tail, minute }): Executed => {
    return { bodyHash: head.repeat(32) + `${tail}${minute}`.repeat(16), expiresAt: START + minute * MINUTE_MS + 59_999 };
  });
const step = fc.oneof(
  fc.record({
    kind: fc.constant("block" as const),
    afterMs: fc.integer({ min: 1, max: MINUTE_MS }),
    bodies: fc.array(body, { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant("write" as const) }),
  fc.record({ kind: fc.constant("restart" as const), maxRead: fc.integer({ min: 1, max: 12 }) }),
);

it("holds exactly what was executed, before and after it is written, and after restarts that read any number of records", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.array(body, { minLength: 1, maxLength: 10 }), async (steps, asked) => {
      const kv = createMemoryStore();
      const executed = new Map<string, number>();
      const nameOf = ({ bodyHash, expiresAt }: Executed) => `${expiresAt}/${bodyHash}`;
      const state = createOverlay({ get: () => undefined });
      let [window, height, time] = [await openReplayWindow(kv, START), 0, START];
      let staged: ReturnType<typeof window.stage> = [];
      const write = async () => {
        await kv.write(staged);
        staged = [];
        window.settled(height);
      };
      for (const one of steps) {
        if (one.kind === "write") await write();
        else if (one.kind === "block") {
          height += 1;
          time += one.afterMs;
          const fresh = new Map(one.bodies.filter((b) => b.expiresAt > time && !executed.has(nameOf(b))).map((b) => [nameOf(b), b]));
          const context = { chainId: "c", height, time, crypto: portableCrypto, state, emit: () => undefined };
          staged.push(...window.stage(context, [...fresh.values()]));
          for (const name of fresh.keys()) executed.set(name, height);
        } else {
          await write();
          window = await openReplayWindow(kv, time, one.maxRead);
        }
        for (const b of asked) expect(window.heightOf(b)).toBe(executed.get(nameOf(b)));
      }
    }),
    { numRuns: 300 },
  );
});

const bodyOf = (digit: string, minute: number): Executed => ({ bodyHash: digit.repeat(64), expiresAt: START + minute * MINUTE_MS });

/** A window over an empty store, and its blocks. */
async function openEmpty() {
  const kv = createMemoryStore();
  const state = createOverlay({ get: () => undefined });
  const window = await openReplayWindow(kv, START);
  const stage = (height: number, time: number, ...bodies: readonly Executed[]) =>
    window.stage({ chainId: "c", height, time, crypto: portableCrypto, state, emit: () => undefined }, bodies);
  return { kv, state, window, stage };
}

it("holds what later blocks executed while only an earlier one is on the disk", async () => {
  const { kv, window, stage } = await openEmpty();
  const [first, second] = [bodyOf("a", 1), bodyOf("b", 1)];
  const writes = stage(1, START, first);
  stage(2, START + 1, second);
  await kv.write(writes);
  window.settled(1);
  expect([window.heightOf(first), window.heightOf(second)]).toEqual([1, 2]);
});

it("commits to a minute until it has passed", async () => {
  const { state, stage } = await openEmpty();
  const minutes = () => [...state.changes].filter(([key, value]) => key.startsWith("ledger/replay/") && value !== undefined).length;
  stage(1, START, bodyOf("a", 1), bodyOf("b", 2));
  expect(minutes()).toBe(2);
  stage(2, START + 2 * MINUTE_MS - 1);
  expect(minutes()).toBe(2);
  stage(3, START + 2 * MINUTE_MS);
  expect(minutes()).toBe(1);
});

it("is swept of minutes that have passed only", async () => {
  const { kv, stage } = await openEmpty();
  await kv.write(stage(1, START, bodyOf("a", 1), { ...bodyOf("b", 1), expiresAt: START + 2 * MINUTE_MS - 1 }));
  expect(await sweepReplayWindow(kv, START + 2 * MINUTE_MS - 1)).toBe(0);
  expect(await sweepReplayWindow(kv, START + 2 * MINUTE_MS)).toBe(2);
});
