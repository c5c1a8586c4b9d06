import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.ts";

function streamOf(chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(...chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<ServerSentEvent[]> {
  const found: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(streamOf(chunks))) found.push(event);
  return found;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

describe("a stream of events", () => {
  it.each([
    ["an event", "id: 1/0\nevent: block\ndata: {}\n\n", [{ id: "1/0", event: "block", data: "{}" }]],
    ["Windows line ends", "id: 1/0\r\nevent: block\r\ndata: {}\r\n\r\n", [{ id: "1/0", event: "block", data: "{}" }]],
    ["comments", ": galen\n\n: still here\n\ndata: x\n\n", [{ id: undefined, event: "message", data: "x" }]],
    [
      "separators that end no line",
      "data: a\u2028b\u2029c\u0085\n\n",
      [{ id: undefined, event: "message", data: "a\u2028b\u2029c\u0085" }],
    ],
    ["several lines of data", "data: a\ndata: b\n\n", [{ id: undefined, event: "message", data: "a\nb" }]],
    [
      "an id that stays",
      "id: 7\ndata: a\n\ndata: b\n\n",
      [
        { id: "7", event: "message", data: "a" },
        { id: "7", event: "message", data: "b" },
      ],
    ],
    [
      "an id alone, which is remembered",
      "id: 7\n\ndata: b\n\n",
      [
        { id: "7", event: "message", data: undefined },
        { id: "7", event: "message", data: "b" },
      ],
    ],
    ["an unfinished event, which is dropped", "data: a\n\ndata: b\n", [{ id: undefined, event: "message", data: "a" }]],
  ])("holds %s", async (_, text, expected) => {
    expect(await read(bytesOf(text))).toEqual(expected);
  });

  it("reads the same however the bytes are cut, also within a character", async () => {
    const events = fc.array(fc.record({ id: fc.nat(), data: fc.string({ unit: "grapheme", minLength: 1 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    const run = async (facts: { id: number; data: string }[], size: number) => {
      const text = facts.map(({ id, data }) => `id: ${id}\nevent: block\ndata: ${JSON.stringify(data)}\n\n`).join("");
      const bytes = bytesOf(text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size));
      const found = await read(...chunks);
      expect(found.map(({ id, data }) => ({ id: Number(id), data: JSON.parse(data!) as string }))).toEqual(facts);
    };
    await fc.assert(fc.asyncProperty(events, fc.integer({ min: 1, max: 20 }), run));
  });

  it("does not gather an endless line", async () => {
    await expect(read(bytesOf("x".repeat(1_048_577)))).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
  });
});
