import { exactNumber, type JsonObject, type JsonValue } from "./json-value.ts";
import { FhirRefusal, type FhirRefusalId, jsonPath } from "./refusal.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Nesting of the deepest known FHIR resources is about 20; the bound keeps every later walk of the value off the stack's end. */
const MAX_DEPTH = 64;
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

interface Reader {
  readonly file: string;
  readonly text: string;
  /** Index of the next character. */
  at: number;
  /** Keys and indexes from the root to the value being read. */
  readonly steps: (string | number)[];
}

/**
 * Reads one JSON value (RFC 8259) from a user's file. Stricter than `JSON.parse`: refuses duplicate keys, lone surrogates, a byte
 * order mark, invalid UTF-8, nesting over 64 levels and more than `maxBytes`. Numbers keep their digits (see `JsonValue`).
 *
 * @param file name of the file, for refusals
 * @param limits.maxBytes default 64 MiB
 * @throws FhirRefusal `json/*` with JSON path, line and column
 */
export function readJson(bytes: Uint8Array, file: string, limits: { readonly maxBytes?: number } = {}): JsonValue {
  const maxBytes = limits.maxBytes ?? MAX_FILE_BYTES;
  if (bytes.length > maxBytes) throw new FhirRefusal("json/TooLarge", { file, path: "$" }, `${bytes.length} bytes, limit ${maxBytes}`);

  const reader: Reader = { file, text: decodeUtf8(bytes, file), at: 0, steps: [] };
  skipSpace(reader);
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at < reader.text.length) throw refusal(reader, "json/TrailingText");
  return value;
}

function readValue(reader: Reader): JsonValue {
  switch (reader.text.charAt(reader.at)) {
    case "{":
      return readObject(reader);
    case "[":
      return readArray(reader);
    case '"':
      return readString(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader): JsonObject {
  // Without a prototype "__proto__" and "constructor" are keys like any other.
  const object: Record<string, JsonValue> = Object.setPrototypeOf({}, null);
  enter(reader);
  while (!leaves(reader, "}")) {
    if (reader.text[reader.at] !== '"') throw refusal(reader, "json/Syntax", 'expected a key in double quotes or "}"');
    const keyAt = reader.at;
    const key = readString(reader);
    reader.steps.push(key);
    if (Object.hasOwn(object, key)) throw refusal(reader, "json/DuplicateKey", "", keyAt);
    skipSpace(reader);
    if (reader.text[reader.at] !== ":") throw refusal(reader, "json/Syntax", 'expected ":"');
    reader.at += 1;
    skipSpace(reader);
    object[key] = readValue(reader);
    reader.steps.pop();
    separate(reader, "}");
  }
  return object;
}

function readArray(reader: Reader): readonly JsonValue[] {
  const items: JsonValue[] = [];
  enter(reader);
  while (!leaves(reader, "]")) {
    reader.steps.push(items.length);
    items.push(readValue(reader));
    reader.steps.pop();
    separate(reader, "]");
  }
  return items;
}

function enter(reader: Reader): void {
  if (reader.steps.length >= MAX_DEPTH) throw refusal(reader, "json/TooDeep", `limit ${MAX_DEPTH}`);
  reader.at += 1;
  skipSpace(reader);
}

function leaves(reader: Reader, close: string): boolean {
  if (reader.text[reader.at] !== close) return false;
  reader.at += 1;
  return true;
}

/** Between two members: a comma with something other than the end behind it, or the end, which is left for `leaves`. */
function separate(reader: Reader, close: string): void {
  skipSpace(reader);
  if (reader.text[reader.at] === close) return;
  if (reader.text[reader.at] !== ",") throw refusal(reader, "json/Syntax", `expected "," or "${close}"`);
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === close) throw refusal(reader, "json/Syntax", `nothing between "," and "${close}"`);
}

/** RFC 8259 7 `unescaped`: everything from the space on, but `"` and `\`. */
const PLAIN_CHARACTERS = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/y;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function readString(reader: Reader): string {
  const startAt = reader.at;
  reader.at += 1;
  let value = match(reader, PLAIN_CHARACTERS)?.[0] ?? "";
  while (reader.text[reader.at] !== '"') {
    const escaped = match(reader, ESCAPE);
    if (escaped === null) throw refusal(reader, "json/Syntax", "unfinished string, bad escape or control character");
    const [, hex, letter = ""] = escaped;
    value += hex === undefined ? (SHORT_ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16));
    value += match(reader, PLAIN_CHARACTERS)?.[0] ?? "";
  }
  reader.at += 1;
  // RFC 8259 8.2: behaviour on unpaired surrogates is unpredictable; no UTF-8 can hold them.
  if (!value.isWellFormed()) throw refusal(reader, "json/LoneSurrogate", "", startAt);
  return value;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function readNumber(reader: Reader): JsonValue {
  const number = match(reader, NUMBER);
  if (number === null) throw refusal(reader, "json/Syntax", "expected a value");
  return exactNumber(number[0]);
}

function readWord(reader: Reader, word: string, value: JsonValue): JsonValue {
  if (!reader.text.startsWith(word, reader.at)) throw refusal(reader, "json/Syntax", "expected a value");
  reader.at += word.length;
  return value;
}

function match(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found !== null) reader.at = pattern.lastIndex;
  return found;
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at += 1;
  }
}

function refusal(reader: Reader, id: FhirRefusalId, detail = "", at = reader.at): FhirRefusal {
  const before = reader.text.slice(0, at).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new FhirRefusal(id, { file: reader.file, path: jsonPath(reader.steps), line: before.length, column }, detail);
}
