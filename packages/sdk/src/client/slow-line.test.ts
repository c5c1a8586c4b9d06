import { describe, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { requestBytes } from "./send-request.ts";

/** So long that a busy machine does not decide. */
const TIMEOUT_MS = 1_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client of a node that answers each request in turn as told; what a signal ends fails as it does in `fetch`. */
function clientOf(...answers: readonly ((signal: AbortSignal) => Promise<Response>)[]) {
  let asked = 0;
  const fetch = (_: unknown, init?: RequestInit) => {
    const signal = init!.signal!;
    const ended = new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    return Promise.race([ended, answers[asked++]!(signal)]);
  };
  return createClient({ url: "http://node.test", chainId: "test", fetch, timeoutMs: TIMEOUT_MS });
}

/** An answer that comes in so many parts of so many bytes, one after each pause; it breaks off before the part `broken`. */
const inParts =
  ({ parts, size, pauseMs, broken }: { parts: number; size: number; pauseMs: number; broken?: number }) =>
  async (signal: AbortSignal) => {
    let sent = 0;
    const body = new ReadableStream({
      start: (controller) => signal.addEventListener("abort", () => controller.error(signal.reason)),
      async pull(controller) {
        await pause(pauseMs);
        if (signal.aborted) return;
        if (sent === broken) controller.error(new TypeError("terminated"));
        else if (sent++ < parts) controller.enqueue(new Uint8Array(size));
        else controller.close();
      },
    });
    return new Response(body);
  };

const request = { path: "/v1/objects/fetch" };
const sending = (bytes: number) => ({ ...request, method: "POST", body: new Uint8Array(bytes) }) as const;

describe.concurrent("over a slow line", () => {
  it("a large answer comes, although it takes twice the time-out", async () => {
    const client = clientOf(inParts({ parts: 8, size: 16_384, pauseMs: TIMEOUT_MS / 4 }));
    expect(await requestBytes(client, request)).toHaveLength(8 * 16_384);
  });

  it.each([
    ["nothing more comes", inParts({ parts: 2, size: 16, pauseMs: 0.6 * TIMEOUT_MS })],
    ["only a byte comes now and then", inParts({ parts: 1_000, size: 1, pauseMs: 20 })],
    ["no answer begins", () => pause(3 * TIMEOUT_MS).then(() => new Response("late"))],
  ])("the request is given up, once, where %s", async (_, answer) => {
    await expect(requestBytes(clientOf(answer), request)).rejects.toMatchObject({ id: "client/TimedOut" });
  });

  it("a large body is waited for longer than a small one", async () => {
    const late = () => pause(3 * TIMEOUT_MS).then(() => new Response("stored"));
    expect(new TextDecoder().decode(await requestBytes(clientOf(late), sending(65_536)))).toBe("stored");
    await expect(requestBytes(clientOf(late), sending(1_024))).rejects.toMatchObject({ id: "client/TimedOut" });
  });

  it("an answer that breaks off is asked for again", async () => {
    const whole = inParts({ parts: 3, size: 5, pauseMs: 1 });
    expect(await requestBytes(clientOf(inParts({ parts: 3, size: 5, pauseMs: 1, broken: 2 }), whole), request)).toHaveLength(15);
  });
});
