import * as cborg from "cborg";
import fc from "fast-check";
import { type TSchema, Type } from "typebox";
import { describe, expect, it } from "vitest";
import { bytesToHex, hexToBytes } from "../crypto/hex.ts";
import { outsideData } from "../testing/outside-data.ts";
import { codecOf } from "./codec.ts";
import { SchemaError } from "./schema-error.ts";
import { Bytes, BytesUpTo, Code, Integer, List, OneOf, Text } from "./types.ts";

const Point = Type.Object({ x: Integer(-1_000, 1_000), y: Type.Optional(Integer(0, Number.MAX_SAFE_INTEGER)) });
const Sample = Type.Object({
  id: Bytes(4),
  data: BytesUpTo(300),
  name: Text(8),
  colour: OneOf("red", "green"),
  flag: Type.Boolean(),
  points: List(Point, { maxItems: 5 }),
  shape: Type.Union([Type.Object({ kind: Type.Literal("dot") }), Type.Object({ kind: Type.Literal("line"), to: Point })]),
});
const codec = codecOf(Sample);
const sample = {
  id: "00ff10a0",
  data: "",
  name: "Zoë 🩺",
  colour: "green" as const,
  flag: true,
  points: [{ x: -24 }, { x: 23, y: Number.MAX_SAFE_INTEGER }],
  shape: { kind: "line" as const, to: { x: 0, y: 0 } },
};

/** What the codec promises, said with another CBOR library: structs are arrays in field order, absent is null. */
function asCbor(value: Omit<typeof sample, "shape"> & { shape: { kind: string; to?: { x: number; y?: number } } }): unknown {
  const point = (p: { x: number; y?: number }) => [p.x, p.y ?? null];
  return [
    hexToBytes(value.id),
    hexToBytes(value.data),
    value.name,
    value.colour,
    value.flag,
    value.points.map(point),
    [value.shape.kind, value.shape.to ? [value.shape.kind, point(value.shape.to)] : [value.shape.kind]],
  ];
}

const integers = fc.integer({ min: -1_000, max: 1_000 });
const points = fc.oneof(fc.record({ x: integers }), fc.record({ x: integers, y: fc.maxSafeNat() }));
const bytes = (constraints: { minLength: number; maxLength: number }) => fc.uint8Array(constraints).map(bytesToHex);
const texts = fc.string({ unit: "binary", minLength: 1, maxLength: 4 }).filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
const samples = fc.record({
  id: bytes({ minLength: 4, maxLength: 4 }),
  data: bytes({ minLength: 0, maxLength: 300 }),
  name: texts,
  colour: fc.constantFrom("red" as const, "green" as const),
  flag: fc.boolean(),
  points: fc.array(points, { maxLength: 5 }),
  shape: fc.oneof(fc.constant({ kind: "dot" as const }), fc.record({ kind: fc.constant("line" as const), to: points })),
});

describe("canonical bytes", () => {
  it("are the deterministic CBOR of an independent library, both ways", () => {
    fc.assert(
      fc.property(samples, (value) => {
        const encoded = codec.encode(value);
        expect(bytesToHex(encoded)).toBe(bytesToHex(cborg.encode(asCbor(value as Parameters<typeof asCbor>[0]))));
        expect(codec.decode(encoded)).toEqual(value);
      }),
    );
  });

  it("are the only ones accepted: any other bytes are refused or decode to what encodes back to them", () => {
    const encoded = codec.encode(sample);
    const mutations = fc.record({
      at: fc.nat(encoded.length - 1),
      byte: fc.nat(255),
      cut: fc.nat(3),
      add: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(mutations, ({ at, byte, cut, add }) => {
        const mutated = Uint8Array.of(...encoded.slice(0, encoded.length - cut), ...add);
        if (at < mutated.length) mutated[at] = byte;
        let decoded: typeof sample;
        try {
          decoded = codec.decode(mutated) as typeof sample;
        } catch (error) {
          expect(error).toBeInstanceOf(SchemaError);
          return;
        }
        expect(bytesToHex(codec.encode(decoded))).toBe(bytesToHex(mutated));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("what is refused, and where", () => {
  type Case = readonly [name: string, change: Record<string, unknown>, message: string];
  const cases: readonly Case[] = [
    ["float", { points: [{ x: 0.5 }] }, "/points/0/x: must be an integer"],
    ["minus zero", { points: [{ x: -0 }] }, "/points/0/x: must be an integer"],
    ["not a number", { points: [{ x: Number.NaN }] }, "/points/0/x: must be an integer"],
    ["out of range", { points: [{ x: 1_001 }] }, "/points/0/x: must lie from -1000 to 1000"],
    ["missing field", { points: [{}] }, "/points/0/x: is missing"],
    ["unknown field", { surplus: 1 }, "has unknown properties"],
    ["inherited field", { shape: Object.create({ kind: "dot" }) }, "/shape/kind: is missing"],
    ["upper-case hex", { id: "00FF10A0" }, "/id: must be 4 bytes in lowercase hexadecimal"],
    ["odd hex", { id: "00ff10a" }, "/id: must be 4 bytes"],
    ["short bytes", { id: "00ff10" }, "/id: must be 4 bytes"],
    ["long text", { name: "123456789" }, "/name: must have 1 to 8 characters"],
    ["empty text", { name: "" }, "/name: must have 1 to 8 characters"],
    ["eight astral characters fit, nine do not", { name: "🩺".repeat(9) }, "/name: must have 1 to 8 characters"],
    ["lone surrogate", { name: "\ud800" }, "/name: must be well-formed Unicode"],
    ["control character", { name: "a\u0000b" }, "/name: must not contain control characters"],
    ["unknown literal", { colour: "blue" }, "/colour: must be one of red, green"],
    ["unknown kind", { shape: { kind: "circle" } }, "/shape: must be one of dot, line"],
    ["null", { flag: null }, "/flag: must be true or false"],
    ["too many items", { points: Array.from({ length: 6 }, () => ({ x: 0 })) }, "/points: must have 0 to 5 items"],
  ];
  it.each(cases)("%s", (_name, change, message) => {
    expect(() => codec.encode({ ...sample, ...change })).toThrow(message);
  });

  it.each(["two words", "a/b", "käse", "a\n", "<b>"])("a code that is a sentence or markup: %j", (code) => {
    expect(() => codecOf(Code(8)).encode(code)).toThrow("must");
  });
  it.each(["CH", "snomed:38.1", "ward_3-B"])("a code that is none: %j", (code) => {
    const codes = codecOf(Code(12));
    expect(codes.decode(codes.encode(code))).toBe(code);
  });

  const raw: readonly (readonly [name: string, bytes: string, message: string])[] = [
    ["float", "82f93c00f6", "major type 7"],
    ["longer head than needed", "821801f6", "not the shortest"],
    ["two bytes of head for what one holds", "82011900ff", "not the shortest"],
    ["four bytes of head for what two hold", "82011a0000ffff", "not the shortest"],
    ["eight bytes of head for what four hold", "82011b00000000ffffffff", "not the shortest"],
    ["indefinite length", "9f01f6ff", "indefinite length"],
    ["tag", "82c001f6", "major type 6"],
    ["trailing bytes", "8201f600", "1 bytes after its end"],
    ["truncated", "8201", "ends too early"],
    ["integer above 2^53 - 1", "82011b0020000000000000", "passes 2^53 - 1"],
    ["undefined for absent", "8201f7", "major type 7"],
  ];
  it.each(raw)("bytes with %s", (_name, hex, message) => {
    expect(() => codecOf(Point).decode(hexToBytes(hex)!)).toThrow(message);
  });

  it.each([
    ["a byte string that is too short", Bytes(4), "4300ff10", "must be 4 bytes"],
    ["a byte string that is too long", Bytes(4), "4500ff10a000", "must be 4 bytes"],
    ["a text of more bytes than its characters can have", Text(2), "69616161616161616161", "at most 2 characters"],
    ["a text of too many characters", Text(2), "63616161", "must have 1 to 2 characters"],
    ["a pair of two kinds", Sample.properties.shape, "8263646f7481646c696e65", "must be one of dot"],
  ] as readonly (readonly [string, TSchema, string, string])[])("%s, in bytes", (_name, schema, hex, message) => {
    expect(() => codecOf(schema).decode(hexToBytes(hex)!)).toThrow(message);
  });

  it("more bytes than the codec takes, either way", () => {
    const text = "12345678";
    const [tight, exact] = [codecOf(Text(8), { maxBytes: 8 }), codecOf(Text(8), { maxBytes: 9 })];
    const bytes = exact.encode(text);
    expect(exact.decode(bytes)).toBe(text);
    expect(() => tight.encode(text)).toThrow("more than 8 bytes");
    expect(() => tight.decode(bytes)).toThrow("longer than 8 bytes");
  });

  it("a text by its characters, not by what they take in memory", () => {
    const text = codecOf(Text(8));
    expect(text.decode(text.encode("🩺".repeat(8)))).toBe("🩺".repeat(8));
  });

  it("nesting as deep as the input is long, without recursion", () => {
    expect(() => codec.decode(new Uint8Array(65_000).fill(0x81))).toThrow(SchemaError);
  });

  it.each([
    ["a list without limit", Type.Array(Type.Boolean())],
    ["a text without limit", Type.String()],
    ["an integer without limits", Type.Integer()],
    ["a float", Type.Number()],
    ["a map", Type.Record(Type.String(), Type.Boolean())],
    ["a union without kind", Type.Union([Type.Boolean(), Text(3)])],
  ] as readonly (readonly [string, TSchema])[])("%s as a schema", (_name, schema) => {
    expect(() => codecOf(schema)).toThrow("schema");
  });
});

const naughty = outsideData<string[]>("bad-inputs/naughty-strings.json");
describe.skipIf(!naughty)(`${naughty?.length ?? 0} naughty strings`, () => {
  const text = codecOf(Text(4_000));
  it("come back as they went in, or are refused with a reason", () => {
    let accepted = 0;
    for (const one of naughty ?? []) {
      try {
        expect(text.decode(text.encode(one))).toBe(one);
        accepted += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(SchemaError);
      }
    }
    expect(accepted).toBeGreaterThan(200);
  });
});
