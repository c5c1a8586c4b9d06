/**
 * The UTF-8 bytes (RFC 3629) of a text. Written here because the ledger has no TextEncoder in scope; strict both ways, so that a text has one
 * byte form and a byte form one text. Throws RangeError on a lone surrogate.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index)!;
    if (point > 0xffff) index++;
    at = point < 0x80 ? writeByte(bytes, at, point) : writeSequence(bytes, at, point);
  }
  return bytes;
}

/** How many bytes `encodeUtf8` makes of a text. Throws RangeError on a lone surrogate. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2; // a surrogate pair too: two code units, four bytes
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (text.codePointAt(index)! <= 0xffff) throw new RangeError("utf8: lone surrogate in the text");
    index++;
  }
  return length;
}

/**
 * The text of UTF-8 bytes. Throws RangeError on anything ill-formed: overlong forms, surrogates, points above U+10FFFF, stray or missing
 * continuation bytes. A byte order mark is text like any other.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at++;
      continue;
    }
    const size = sequenceSize(first);
    text += String.fromCodePoint(readSequence(bytes, at, size));
    at += size;
  }
  return text;
}

function writeByte(bytes: Uint8Array, at: number, byte: number): number {
  bytes[at] = byte;
  return at + 1;
}

function writeSequence(bytes: Uint8Array, at: number, point: number): number {
  const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  for (let last = at + size - 1, rest = point; last > at; last--, rest >>= 6) bytes[last] = 0x80 | (rest & 0x3f);
  bytes[at] = LEAD[size]! | (point >> (6 * (size - 1)));
  return at + size;
}

/** By size of the sequence: the marker bits of its first byte, and the smallest point that needs so many bytes (smaller ones are overlong). */
const LEAD = [0, 0, 0xc0, 0xe0, 0xf0] as const;
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000] as const;

function sequenceSize(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  throw new RangeError("utf8: a byte that starts no sequence");
}

function readSequence(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new RangeError("utf8: the last sequence is cut short");
  let point = bytes[at]! ^ LEAD[size]!;
  for (let next = at + 1; next < at + size; next++) {
    if ((bytes[next]! & 0xc0) !== 0x80) throw new RangeError("utf8: a continuation byte is missing");
    point = (point << 6) | (bytes[next]! & 0x3f);
  }
  if (point < SMALLEST[size]!) throw new RangeError("utf8: overlong form");
  if (point >= 0xd800 && point <= 0xdfff) throw new RangeError("utf8: encoded surrogate");
  if (point > 0x10ffff) throw new RangeError("utf8: beyond U+10FFFF");
  return point;
}
