/**
 * The UTF-8 bytes (RFC 3629) of a text; undefined if it holds a lone surrogate. Written here because the ledger has no TextEncoder in scope;
 * strict both ways, so that a text has one byte form and a byte form one text.
 */
export function encodeUtf8(text: string): Uint8Array | undefined {
  const length = utf8Length(text);
  if (length === undefined) return undefined;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    const point = text.codePointAt(index)!;
    if (point > 0xffff) index++;
    at = writeSequence(bytes, at, point);
  }
  return bytes;
}

/** How many bytes `encodeUtf8` makes of a text; undefined if it holds a lone surrogate. */
export function utf8Length(text: string): number | undefined {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2; // a surrogate pair too: two code units, four bytes
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (text.codePointAt(index)! <= 0xffff) return undefined;
    index++;
  }
  return length;
}

/**
 * The text of UTF-8 bytes; undefined if they are ill-formed: overlong forms, surrogates, points above U+10FFFF, stray or missing continuation
 * bytes. A byte order mark is text like any other.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const ascii = asciiLength(bytes, at);
    if (ascii > 0) {
      text += asciiText(bytes, at, at + ascii);
      at += ascii;
      continue;
    }
    const first = bytes[at]!;
    const size = sequenceSize(first);
    const point = readSequence(bytes, at, size);
    if (point === undefined) return undefined;
    text += String.fromCodePoint(point);
    at += size;
  }
  return text;
}

/** By size of the sequence: the marker bits of its first byte, and the smallest point that needs so many bytes (smaller ones are overlong). */
const MARKER = [0, 0, 0xc0, 0xe0, 0xf0] as const;
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000] as const;

function writeSequence(bytes: Uint8Array, at: number, point: number): number {
  const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (let last = at + size - 1, rest = point; last > at; last--, rest >>= 6) bytes[last] = 0x80 | (rest & 0x3f);
  bytes[at] = MARKER[size] | (point >> (6 * (size - 1)));
  return at + size;
}

/** Zero for a byte that starts no sequence of several bytes. */
function sequenceSize(first: number): 0 | 2 | 3 | 4 {
  if (first < 0xc0 || first > 0xf7) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function readSequence(bytes: Uint8Array, at: number, size: 0 | 2 | 3 | 4): number | undefined {
  if (size === 0 || at + size > bytes.length) return undefined;
  let point = bytes[at]! ^ MARKER[size];
  for (let next = at + 1; next < at + size; next++) {
    if ((bytes[next]! & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (bytes[next]! & 0x3f);
  }
  const wellFormed = point >= SMALLEST[size] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return wellFormed ? point : undefined;
}

/** Room for the codes of a short text, by its length: names of messages, chains and choices are read often enough to use it again. */
const SHORT = 64;
const ROOM = Array.from({ length: SHORT + 1 }, (_, length) => new Array<number>(length).fill(0));

/** One call for the whole text, on an array: spreading the bytes would walk them with an iterator. */
function asciiText(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from;
  const codes = length <= SHORT ? ROOM[length]! : new Array<number>(length);
  for (let index = 0; index < length; index++) codes[index] = bytes[from + index]!;
  return String.fromCharCode.apply(null, codes);
}

/** How many ASCII bytes stand at `at`, at most 4,096: what one call turns to text. */
function asciiLength(bytes: Uint8Array, at: number): number {
  const end = Math.min(bytes.length, at + 4_096);
  let next = at;
  while (next < end && bytes[next]! < 0x80) next++;
  return next - at;
}
