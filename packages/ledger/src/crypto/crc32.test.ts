import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32OfWords } from "./crc32.ts";

test("CRC-32 of words is zlib's of their bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(40), fc.nat(40), (values, at, count) => {
      const words = Int32Array.from(values);
      const end = Math.min(at + count, words.length);
      const from = Math.min(at, end);
      const bytes = new Uint8Array(words.buffer, 4 * from, 4 * (end - from));
      expect(crc32OfWords(words, from, end - from) >>> 0).toBe(crc32(bytes));
    }),
  );
});
