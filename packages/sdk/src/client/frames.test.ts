import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFrames, writeFrames } from "./frames.ts";

const refused = { id: "client/UnexpectedAnswer" };

describe("frames", () => {
  it("give back what went in, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (frames) => {
        expect(readFrames(writeFrames(frames), frames.length)).toEqual(frames);
      }),
    );
  });

  it("are refused cut short, grown, or in another number", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 5 }), fc.nat(), (frames, at) => {
        const body = writeFrames(frames);
        expect(() => readFrames(body.subarray(0, at % body.length), frames.length)).toThrow(expect.objectContaining(refused));
        expect(() => readFrames(Uint8Array.of(...body, 0), frames.length)).toThrow(expect.objectContaining(refused));
        expect(() => readFrames(body, frames.length + 1)).toThrow(expect.objectContaining(refused));
        expect(() => readFrames(body, frames.length - 1)).toThrow(expect.objectContaining(refused));
      }),
    );
  });

  it("do not believe a length beyond the body", () => {
    expect(() => readFrames(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1), 1)).toThrow(expect.objectContaining(refused));
  });
});
