import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "./hex.ts";

describe("hex", () => {
  it("agrees with Buffer on every byte string", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(bytesToHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(["0", "0A", "A0", "g0", "0g", "0x", " 00", "00 ", "\u0660\u0660", "0\u0130", "é0", "\uffff0"])("refuses %j", (text) => {
    expect(hexToBytes(text)).toBeUndefined();
  });

  it("refuses any text that it would not write itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 8 }), (text) => {
        const written = Buffer.from(text, "hex").toString("hex") === text;
        if (written) expect(bytesToHex(hexToBytes(text)!)).toBe(text);
        else expect(hexToBytes(text)).toBeUndefined();
      }),
    );
  });
});
