import { describe, expect, it } from "vitest";
import { flag, int64, text } from "./kinds.ts";
import { many, message, one, openMessage, optional } from "./message.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits.replaceAll(" ", ""), "hex"));

const Inner = message({ number: one(1, "number", int64(-1)) });
const Outer = openMessage({
  inner: optional(2, "inner", Inner),
  isSet: one(4, "is_set", flag),
  words: many(6, "words", text(10), 3),
});

describe("an open message", () => {
  it.each<[string, string, object]>([
    ["nothing", "", { inner: undefined, isSet: false, words: [] }],
    ["an inner message that is empty", "1200", { inner: { number: 0 }, isSet: false, words: [] }],
    ["everything", "12020805 2001 320161 320162", { inner: { number: 5 }, isSet: true, words: ["a", "b"] }],
    ["a negative number", "120b08ffffffffffffffffff01", { inner: { number: -1 }, isSet: false, words: [] }],
  ])("of %s is read and written", (_, digits, value) => {
    expect(Outer.decode(bytes(digits))).toEqual(value);
    expect(hex(Outer.encode(value as never))).toBe(digits.replaceAll(" ", ""));
    expect(Outer.fromJson(JSON.parse(JSON.stringify(Outer.toJson(value as never))))).toEqual(value);
  });

  it("passes over fields that it does not know, wherever they stand", () => {
    expect(Outer.decode(bytes("0a0161 1200 1801 2001 f201027879"))).toEqual({ inner: { number: 0 }, isSet: true, words: [] });
  });

  it.each<[string, string, string]>([
    ["an inner message twice", "1200 1200", "/inner: given twice"],
    ["a known field in another wire type", "1001", "unknown field 2"],
    ["known fields out of order", "2001 1200", "field 2 stands after field 4"],
    ["an unknown field in the strict one inside", "12021001", "/inner: unknown field 2"],
    ["too many words", "320161 320161 320161 320161", "/words: at most 3 items"],
  ])("refuses %s", (_, digits, reason) => {
    expect(() => Outer.decode(bytes(digits))).toThrow(reason);
  });
});
