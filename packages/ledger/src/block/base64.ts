import { SchemaError } from "../schema/schema-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...ALPHABET].map((digit, value) => [digit, value]));

/** Base64 with padding, RFC 4648 §4. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const taken = Math.min(3, bytes.length - at);
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let digit = 0; digit <= taken; digit++) text += ALPHABET[(group >> (18 - 6 * digit)) & 63];
    text += "=".repeat(3 - taken);
  }
  return text;
}

/** The bytes of a base64 text. One text per value: padding is needed and unused bits are zero. Throws SchemaError otherwise. */
export function decodeBase64(text: string): Uint8Array {
  const digits = text.endsWith("==") ? text.slice(0, -2) : text.endsWith("=") ? text.slice(0, -1) : text;
  if (text.length % 4 !== 0 || digits.length % 4 === 1) throw new SchemaError("base64: groups of four characters are needed");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let [bits, pending, at] = [0, 0, 0];
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) throw new SchemaError("base64: only A-Z a-z 0-9 + / are allowed");
    bits = ((bits << 6) | value) & 0xffff;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    bytes[at++] = (bits >> pending) & 0xff;
  }
  if ((bits & ((1 << pending) - 1)) !== 0) throw new SchemaError("base64: unused bits are set");
  return bytes;
}
