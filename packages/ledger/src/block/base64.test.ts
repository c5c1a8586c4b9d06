import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("base64", () => {
  it("is the platform's, both ways", () => {
    const check = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
    });
    fc.assert(check);
  });

  it.each([3_071, 3_072, 3_073, 3_074, 6_144, 100_000])("is the platform's for %i bytes, which are turned to text in pieces", (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 167) & 0xff);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });

  it.each(["A", "AA", "AAA", "AAAAA", "AAA=A", "A===", "====", "AA=A", "QR==", "QUJ=", "AA\n=", "AAA-", "AA_A", "AA A", "ÀAAA"])(
    "refuses %j",
    (text) => {
      expect(() => decodeBase64(text)).toThrow("base64:");
    },
  );
});
