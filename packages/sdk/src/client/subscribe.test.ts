import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "./client.ts";
import { type Notice, type SubscribeOptions, subscribe } from "./subscribe.ts";
import { problem } from "./testing/fake-node.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Reply = (signal: AbortSignal) => Response | Promise<Response>;

const notice = (height: number) => `id: ${height}/0\nevent: block\ndata: {}\n\n`;

/** A stream that says this, and then ends, breaks off or falls silent until its reader lets it go. */
function stream(text: string, then: "ends" | "breaks off" | "falls silent"): Reply {
  return (signal) =>
    new Response(
      new ReadableStream({
        start(controller) {
          if (text) controller.enqueue(new TextEncoder().encode(text));
          if (then === "ends") controller.close();
          if (then === "breaks off") setTimeout(() => controller.error(new TypeError("terminated")), 1);
          signal.addEventListener("abort", () => controller.error(signal.reason));
        },
      }),
    );
}

/** Accepts the connection and never answers. */
const mute: Reply = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
const lost: Reply = () => Promise.reject(new TypeError("fetch failed"));
const proxy = (status: number) => (): Response => new Response("<h1>away</h1>", { status });
const refusal = (status: number, id: string) => (): Response => problem({ id, status, sentence: "no" });

/** Hears two notices of a node that gives these replies in turn, and tells from where on each connection asked. */
async function hear(replies: readonly Reply[], options: Partial<SubscribeOptions> = {}) {
  const asked: (string | null)[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(new URL(new Request(input).url).searchParams.get("after"));
    return (replies[asked.length - 1] ?? replies.at(-1)!)(init!.signal!);
  };
  const client = createClient({ url: "http://node.test", chainId: "test", fetch });
  const heard: Notice["id"][] = [];
  const hearing = (async () => {
    for await (const { id } of subscribe(client, { topics: ["blocks"], after: "6/0", ...options })) if (heard.push(id) === 2) return;
  })();
  const ended = hearing.then(
    () => "ended" as const,
    (error: unknown) => error,
  );
  const outcome = await Promise.race([ended, vi.advanceTimersByTimeAsync(120_000).then(() => "still listening" as const)]);
  return { outcome, heard, asked };
}

describe("a subscription", () => {
  const [first, second] = [stream(notice(7), "ends"), stream(notice(8), "ends")];
  it.each<[string, Reply]>([
    ["a line that breaks off", stream("", "breaks off")],
    ["a line that falls silent", stream("", "falls silent")],
    ["a node that accepts and never answers", mute],
    ["a proxy whose node restarts", proxy(502)],
    ["a proxy whose node is away", proxy(503)],
    ["a node that is too busy", refusal(429, "api/TooManyRequests")],
    ["a node that shuts down", refusal(503, "api/Stopping")],
  ])("goes on after %s", async (_, interruption) => {
    const { outcome, heard, asked } = await hear([first, interruption, second]);
    expect({ outcome, heard, asked }).toEqual({ outcome: "ended", heard: ["7/0", "8/0"], asked: ["6/0", "7/0", "7/0"] });
  });

  it("goes on after lost connections", async () => {
    expect((await hear([first, lost, lost, lost, second])).heard).toEqual(["7/0", "8/0"]);
  });

  it.each<[string, Reply, string]>([
    ["a refusal", refusal(403, "api/Forbidden"), "api/Forbidden"],
    ["what is no node", proxy(404), "client/UnexpectedAnswer"],
    ["a notice that makes no sense", stream("id: 7/0\nevent: block\ndata: {\n\n", "ends"), "client/UnexpectedAnswer"],
  ])("ends with %s", async (_, reply, id) => {
    expect((await hear([reply])).outcome).toMatchObject({ id });
  });

  it("ends with an error of whoever listens, whatever its kind", async () => {
    const mistake = new TypeError("undefined is not a function");
    const onPlace = () => {
      throw mistake;
    };
    expect((await hear([first], { onPlace })).outcome).toBe(mistake);
  });

  it("waits for a listener as long as it takes", async () => {
    const client = createClient({
      url: "http://node.test",
      fetch: async (_, init) => stream(notice(7) + notice(8), "falls silent")(init!.signal!),
    });
    const hearing = subscribe(client, { topics: ["blocks"] });
    expect((await hearing.next()).value).toMatchObject({ id: "7/0" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect((await hearing.next()).value).toMatchObject({ id: "8/0" });
  });

  it("hears where streams cannot be iterated", async () => {
    const { prototype } = ReadableStream as unknown as { readonly prototype: { [Symbol.asyncIterator]?: unknown } };
    const iterator = Object.getOwnPropertyDescriptor(prototype, Symbol.asyncIterator)!;
    delete prototype[Symbol.asyncIterator];
    try {
      expect((await hear([first, second])).heard).toEqual(["7/0", "8/0"]);
    } finally {
      Object.defineProperty(prototype, Symbol.asyncIterator, iterator);
    }
  });

  it("ends at once when it is aborted in a pause", async () => {
    const stop = new AbortController();
    const client = createClient({ url: "http://node.test", fetch: async () => refusal(503, "api/Stopping")() });
    const ended = subscribe(client, { topics: ["blocks"], signal: stop.signal }).next();
    await vi.advanceTimersByTimeAsync(10_000);
    stop.abort();
    expect(await Promise.race([ended, vi.advanceTimersByTimeAsync(1)])).toMatchObject({ done: true });
  });
});
