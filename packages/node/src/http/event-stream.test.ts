import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { type EventStreamOptions, eventStream, HEARTBEAT_MS, type Place } from "./event-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A chain on which blocks come that concern nobody; those up to `missing` are not held. */
function quietChain(from: number, missing: number) {
  const listeners = new Set<() => void>();
  let height = from;
  let read = 0;
  const block = { header: { time: { seconds: 0, nanos: 0 } } };
  const record = { txResults: [], events: [], appHash: new Uint8Array(32) };
  const engine = {
    status: () => ({ height }),
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    commit: (at: number) => (at > missing ? block : undefined),
    results() {
      read += 1;
      return record;
    },
    block: () => undefined,
  } as unknown as EventStreamOptions["engine"];
  function seal(): void {
    height += 1;
    for (const listener of listeners) listener();
  }
  return { engine, seal, read: () => read, listeners };
}

function open(from: number, after: Place | undefined, topics: EventStreamOptions["topics"] = new Set(["releases"]), missing = 0) {
  const { engine, seal, read, listeners } = quietChain(from, missing);
  const listening = new AbortController();
  const stream = eventStream({ engine, crypto: nativeCrypto, topics, listener: undefined, after, signal: listening.signal });
  return { stream, seal, read, listeners, signal: listening.signal, end: () => listening.abort() };
}

/** The next so many texts of a stream. */
async function take(stream: AsyncGenerator<string>, count: number): Promise<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  while (texts.length < count) texts.push((await stream.next()).value);
  return texts;
}

const END = 999_999_999;

describe("a stream", () => {
  it("lets others have their turn between blocks of which it tells nothing", async () => {
    vi.useRealTimers();
    const { stream, read, end } = open(500, { height: 1, index: 0 });
    await take(stream, 2);
    const next = stream.next();
    await setImmediate();
    expect(read()).toBeLessThan(10);
    await expect.poll(read).toBe(500);
    end();
    await next;
  });

  it("keeps one listener and one timer while it waits, and none when it has ended", async () => {
    const { stream, seal, listeners, signal, end } = open(7, undefined);
    await take(stream, 2);
    const next = stream.next();
    for (let block = 0; block < 5; block++) {
      seal();
      do await setImmediate();
      while (listeners.size === 0);
    }
    expect([listeners.size, getEventListeners(signal, "abort").length, vi.getTimerCount()]).toEqual([1, 1, 1]);
    end();
    await next;
    expect([listeners.size, getEventListeners(signal, "abort").length, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it.each<[string, number, Place | undefined, readonly string[]]>([
    ["a new client", 7, undefined, [": galen\n\n", `id: 7/${END}\n\n`]],
    ["one that returns", 7, { height: 5, index: 2 }, [": galen\n\n", "id: 5/2\n\n"]],
    [
      "one that was away too long",
      2_007,
      { height: 5, index: 2 },
      [": galen\n\n", 'event: gap\ndata: {"from":5,"to":1007}\n\n', `id: 1006/${END}\n\n`],
    ],
  ])("tells %s from where on it goes", async (_, height, after, expected) => {
    expect(await take(open(height, after).stream, expected.length)).toEqual(expected);
  });

  it.each<[string, number, Place, readonly string[]]>([
    [
      "blocks that are not fetched from other nodes yet",
      6,
      { height: 3, index: END },
      ['event: gap\ndata: {"from":4,"to":7}\n\n', "id: 7/0"],
    ],
    ["a block of which it had told a part", 5, { height: 5, index: 2 }, ['event: gap\ndata: {"from":5,"to":6}\n\n', "id: 6/0"]],
    ["nothing where all was told", 5, { height: 5, index: END }, ["id: 6/0", "id: 7/0"]],
  ])("tells that it leaves out %s", async (_, missing, after, expected) => {
    const { stream } = open(9, after, new Set(["blocks"]), missing);
    const [, , ...told] = await take(stream, 2 + expected.length);
    expect(told).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it("says up to where all is told, in time, though blocks come that concern nobody", async () => {
    const { stream, seal } = open(7, undefined);
    await take(stream, 2);
    const sign = stream.next();
    for (let seconds = 0; seconds * 1_000 < HEARTBEAT_MS; seconds++) {
      seal();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect((await sign).value).toBe(`id: ${7 + HEARTBEAT_MS / 1_000}/${END}\n\n`);
  });

  it("tells what is wanted instead, and then is silent for as long", async () => {
    const { stream, seal } = open(7, undefined, new Set(["blocks"]));
    await take(stream, 2);
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS - 1_000);
    seal();
    expect((await stream.next()).value).toContain("id: 8/0\nevent: block\n");
    const sign = stream.next();
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS - 1);
    seal();
    expect((await sign).value).toContain("id: 9/0\nevent: block\n");
  });
});
