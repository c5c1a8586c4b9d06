import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "./frames.ts";

const LIMIT = 1_000;

/** What the reader makes of bytes that arrive in one piece. */
function read(...bytes: readonly number[]): Uint8Array[] {
  return createFrameReader(LIMIT).push(Uint8Array.from(bytes));
}

describe("frames", () => {
  it("come whole, however the stream is cut", () => {
    const message = fc.uint8Array({ maxLength: LIMIT });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat({ max: 300 }), { minLength: 1 }), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(encodeFrame));
        const reader = createFrameReader(LIMIT);
        const found: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const length = 1 + cuts[cut % cuts.length]!;
          found.push(...reader.push(Uint8Array.from(stream.subarray(at, at + length))));
          at += length;
        }
        expect(found.map((frame) => [...frame])).toEqual(messages.map((one) => [...one]));
      }),
    );
  });

  it.each<[string, readonly number[], readonly (readonly number[])[]]>([
    ["nothing", [], []],
    ["half a length", [0x80], []],
    ["a length without its message", [3, 1, 2], []],
    ["an empty message", [0], [[]]],
    ["two, and the beginning of a third", [1, 7, 2, 8, 9, 1], [[7], [8, 9]]],
  ])("of %s", (_, bytes, frames) => {
    expect(read(...bytes).map((frame) => [...frame])).toEqual(frames);
  });

  it.each<[string, readonly number[]]>([
    ["above the limit", [0xe9, 0x07]],
    ["of 2 GiB", [0x80, 0x80, 0x80, 0x80, 0x08]],
    ["without an end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])("with a length %s are refused before their message has come", (_, bytes) => {
    expect(() => read(...bytes)).toThrow(/above the limit|malformed/);
  });
});
