import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8, utf8Length } from "./utf8.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function strictlyDecoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes near the borders of the well-formed sequences, where a decoder goes wrong. */
const borderBytes = fc.array(
  fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
  {
    maxLength: 6,
  },
);

describe("utf8", () => {
  it("agrees with Buffer on every well-formed text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(Buffer.from(text, "utf8")));
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
        expect(decodeUtf8(encodeUtf8(text)!)).toBe(text);
      }),
    );
  });

  it("accepts and refuses the same bytes as the platform's strict decoder", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 12 }), borderBytes), (list) => {
        const bytes = Uint8Array.from(list);
        expect(decodeUtf8(bytes)).toBe(strictlyDecoded(bytes));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(["\ud800", "\udc00", "a\ud83d", "\ude00\ud83d", "\ud83dx"])("refuses the lone surrogate in %j", (text) => {
    expect(encodeUtf8(text)).toBeUndefined();
    expect(utf8Length(text)).toBeUndefined();
  });

  it.each([
    ["overlong slash", [0xc0, 0xaf]],
    ["overlong in three bytes", [0xe0, 0x80, 0xaf]],
    ["overlong in four bytes", [0xf0, 0x80, 0x80, 0xaf]],
    ["surrogate", [0xed, 0xa0, 0x80]],
    ["beyond the last point", [0xf4, 0x90, 0x80, 0x80]],
    ["cut short", [0xe2, 0x82]],
    ["stray continuation", [0x80]],
    ["missing continuation", [0xc3, 0x28]],
  ])("refuses %s", (_, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined();
  });
});
