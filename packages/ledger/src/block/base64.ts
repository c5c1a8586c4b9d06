import { SchemaError } from "../schema/schema-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...ALPHABET].map((digit, value) => [digit, value]));

/** Groups of three bytes turned to text at a time: as many arguments as any engine takes in one call. */
const CHUNK_GROUPS = 1_024;
const CODES = [...ALPHABET].map((digit) => digit.charCodeAt(0));

/** Base64 with padding, RFC 4648 §4. One call for each piece: appending digit by digit takes four times as long. */
export function encodeBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = "";
  for (let at = 0; at < whole; at += 3 * CHUNK_GROUPS) text += groupsToBase64(bytes, at, Math.min(whole, at + 3 * CHUNK_GROUPS));
  const rest = bytes.length - whole;
  if (rest === 0) return text;
  const padded = Uint8Array.of(bytes[whole]!, bytes[whole + 1] ?? 0, 0);
  return text + groupsToBase64(padded, 0, 3).slice(0, 1 + rest) + "=".repeat(3 - rest);
}

function groupsToBase64(bytes: Uint8Array, from: number, end: number): string {
  const codes: number[] = [];
  for (let at = from; at < end; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    codes.push(CODES[group >> 18]!, CODES[(group >> 12) & 63]!, CODES[(group >> 6) & 63]!, CODES[group & 63]!);
  }
  return String.fromCharCode.apply(null, codes);
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
