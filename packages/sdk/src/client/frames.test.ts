import fc from "fast-check";
import { expect, it } from "vitest";
import { framedSize, readFrames, writeFrames } from "./frames.ts";

it("gives back what went in, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (frames) => {
      const body = writeFrames(frames);
      expect([readFrames(body), body.length]).toEqual([frames, framedSize(frames)]);
    }),
  );
});

it.each([
  ["half a length", [0, 0, 0]],
  ["a length without bytes", [0, 0, 0, 1]],
  ["a length that is too great", [255, 255, 255, 255, 1]],
  ["bytes after the last frame", [0, 0, 0, 1, 7, 9]],
])("refuses %s", (_, bytes) => {
  expect(readFrames(Uint8Array.from(bytes))).toBeUndefined();
});
