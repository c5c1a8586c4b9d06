import { outsideBytes, outsideFiles } from "@galen/ledger/testing/outside-data";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonValue, writeJson } from "./json-value.ts";
import { readJson } from "./read-json.ts";
import { FhirRefusal } from "./refusal.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readJson(utf8(text), "file.json");
const written = (value: JsonValue) => new TextDecoder().decode(writeJson(value));

function refusalOf(action: () => unknown): FhirRefusal {
  try {
    action();
  } catch (error) {
    if (error instanceof FhirRefusal) return error;
    throw error;
  }
  throw new Error("was not refused");
}

const refusals = [
  ["nothing", "", "json/Syntax", "$", 1, 1],
  ["two values", "{}\n []", "json/TrailingText", "$", 2, 2],
  ["key twice", '{"a": {"b": 1,\n  "b": 2}}', "json/DuplicateKey", "$.a.b", 2, 3],
  ["key twice, once escaped", '{"a":1,"\\u0061":2}', "json/DuplicateKey", "$.a", 1, 8],
  ["half a surrogate pair", '["x", "\\ud800"]', "json/LoneSurrogate", "$[1]", 1, 7],
  ["comma at the end", '{"entry":[1,2,]}', "json/Syntax", "$.entry", 1, 15],
  ["leading zero", '{"n": 01}', "json/Syntax", "$", 1, 8],
  ["not a number", '{"odd key": NaN}', "json/Syntax", "$['odd key']", 1, 13],
  ["line break in a string", '["a\nb"]', "json/Syntax", "$[0]", 1, 4],
  ["65 levels", "[".repeat(65) + "]".repeat(65), "json/TooDeep", `$${"[0]".repeat(64)}`, 1, 65],
] as const;

describe("refuses with path, line and column", () => {
  test.each(refusals)("%s", (_name, text, id, path, line, column) => {
    const refusal = refusalOf(() => read(text));
    expect([refusal.id, refusal.place]).toEqual([id, { file: "file.json", path, line, column }]);
    expect(refusal.message).toContain(`file.json:${line}:${column} at ${path}`);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = Uint8Array.of(...utf8('{"a":\n"é'), 0xc3, 0x28, ...utf8('"}'));
    expect(refusalOf(() => readJson(bytes, "f")).place).toEqual({ file: "f", path: "$", line: 2, column: 3 });
  });

  test("a character cut off at the end of the file", () => {
    expect(refusalOf(() => readJson(utf8('"é').subarray(0, 2), "f")).id).toBe("json/NotUtf8");
  });

  test("a byte order mark", () => {
    expect(refusalOf(() => read("\ufeff{}")).id).toBe("json/ByteOrderMark");
  });

  test("one byte over the limit", () => {
    expect(readJson(utf8("[12]"), "f", { maxBytes: 4 })).toEqual([12]);
    expect(refusalOf(() => readJson(utf8("[123]"), "f", { maxBytes: 4 })).id).toBe("json/TooLarge");
  });

  test("a message stays short whatever the key is", () => {
    expect(refusalOf(() => read(`{"${"k".repeat(1e6)}": x}`)).message.length).toBeLessThan(300);
  });
});

const lexemes = ["0", "-0", "1.10", "1.0", "1e2", "1E+2", "0.1", "-12.50", "12345678901234567890", "1e400", "0.000000000000000000001"];

test.each(lexemes)("the number %s comes back as it was written", (lexeme) => {
  expect(written(read(`{"value":${lexeme}}`))).toBe(`{"value":${lexeme}}`);
});

test("keys that JavaScript treats in a special way are keys like any other", () => {
  const text = '{"__proto__":{"a":1},"constructor":2,"toJSON":3}';
  expect(written(read(text))).toBe(text);
});

test("property: reads what JSON.stringify wrote", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "grapheme", maxDepth: 6 }), (text) => {
      expect(JSON.parse(written(read(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test("property: agrees with JSON.parse on what is JSON, for damaged text", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom("", '"', "\\", "{", "]", ",", "-", "e", " ", "\u0000"), (text, at, put) => {
      const index = at % (text.length + 1);
      const damaged = text.slice(0, index) + put + text.slice(index + 1);
      fc.pre(damaged.isWellFormed());
      if (!isJson(damaged)) expect(refusalOf(() => read(damaged)).status).toBe(400);
      else if (!refusedForMore(damaged)) expect(JSON.parse(written(read(damaged)))).toEqual(JSON.parse(damaged));
    }),
    { numRuns: 1000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusedForMore(text: string): boolean {
  try {
    read(text);
    return false;
  } catch (error) {
    return error instanceof FhirRefusal && (error.id === "json/DuplicateKey" || error.id === "json/LoneSurrogate");
  }
}

const parsing = outsideFiles("bad-inputs/json-parsing");

describe.skipIf(parsing.length === 0)(`JSON parsing test suite, ${parsing.length} files`, () => {
  test.each(parsing)("%s", (path) => {
    const bytes = outsideBytes(path) ?? new Uint8Array();
    const verdict = path.split("/").at(-1)?.[0];
    if (verdict === "n") expect(refusalOf(() => readJson(bytes, path)).status).toBe(400);
    else if (verdict === "y" && !path.includes("duplicated_key")) expect(written(readJson(bytes, path))).toBe(printed(bytes));
    else expectValueOrRefusal(bytes, path);
  });
});

const transform = outsideFiles("bad-inputs/json-transform");

describe.skipIf(transform.length === 0)(`JSON transformation test suite, ${transform.length} files`, () => {
  test.each(transform)("%s", (path) => {
    const bytes = outsideBytes(path) ?? new Uint8Array();
    const refused = path.includes("same_key") || path.includes("invalid_codepoint");
    if (refused) expect(refusalOf(() => readJson(bytes, path)).status).toBe(400);
    else expect(written(readJson(bytes, path))).toBe(printed(bytes));
  });
});

/** The file without its white space; strings in the form that JSON.stringify prints. */
function printed(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_all, string?: string) => (string ? JSON.stringify(JSON.parse(string)) : ""));
}

function expectValueOrRefusal(bytes: Uint8Array, path: string): void {
  try {
    writeJson(readJson(bytes, path));
  } catch (error) {
    expect(error).toBeInstanceOf(FhirRefusal);
  }
}
