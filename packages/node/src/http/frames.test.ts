import fc from "fast-check";
import { expect, it } from "vitest";
import { readFrames, writeFrames } from "./frames.ts";

it("reads what it writes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (frames) => {
      expect(readFrames(writeFrames(frames)).map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
    }),
  );
});

it.each([
  ["half a length", [0, 0, 0]],
  ["a length without bytes", [0, 0, 0, 1]],
  ["a length that is too great", [255, 255, 255, 255, 1]],
  ["bytes after the last frame", [0, 0, 0, 1, 7, 9]],
])("refuses %s", (_, bytes) => {
  expect(() => readFrames(Uint8Array.from(bytes))).toThrow("api/MalformedFrames");
});
