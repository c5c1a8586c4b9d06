/** Character codes of the two lowercase digits of each byte value, high digit in the upper byte. */
const DIGITS = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  const digits = byte.toString(16).padStart(2, "0");
  DIGITS[byte] = (digits.charCodeAt(0) << 8) | digits.charCodeAt(1);
}

/** Bytes turned to text at a time: as many arguments as any engine takes in one call. */
const CHUNK = 4_096;

/** The value of each character code that is a lowercase hex digit; 0xff elsewhere. */
const VALUES = new Uint8Array(128).fill(0xff);
for (let value = 0; value < 16; value++) VALUES[value.toString(16).charCodeAt(0)] = value;

/** Room for the digits of a short text, by its length in bytes: ids, keys and signatures become text often enough to use it again. */
const SHORT = 64;
const ROOM = Array.from({ length: SHORT + 1 }, (_, length) => new Array<number>(2 * length).fill(0));

/** Lowercase hex of `bytes`, two digits per byte. */
export function bytesToHex(bytes: Uint8Array): string {
  return hexOf(bytes, 0, bytes.length);
}

/** Lowercase hex of the bytes from `start` to `end`. One call for the whole text: appending digit by digit costs three times as much. */
export function hexOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= CHUNK) return chunkToHex(bytes, start, end);
  let hex = "";
  for (let at = start; at < end; at += CHUNK) hex += chunkToHex(bytes, at, Math.min(at + CHUNK, end));
  return hex;
}

function chunkToHex(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  const codes = length <= SHORT ? ROOM[length]! : new Array<number>(2 * length);
  for (let at = 0; at < length; at++) {
    const digits = DIGITS[bytes[start + at]!]!;
    codes[2 * at] = digits >> 8;
    codes[2 * at + 1] = digits & 0xff;
  }
  return String.fromCharCode.apply(null, codes);
}

/** The bytes of a hex text; undefined on an odd length or anything but 0-9 a-f: one form only, so that equal bytes are equal texts. */
export function hexToBytes(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  return writeHex(hex, bytes, 0) ? bytes : undefined;
}

/** Writes the bytes of a hex text of even length from `at` on, where they have room. False, with the place half written, as `hexToBytes` refuses. */
export function writeHex(hex: string, target: Uint8Array, at: number): boolean {
  for (let digit = 0; digit < hex.length; digit += 2) {
    const high = hexDigit(hex.charCodeAt(digit));
    const low = hexDigit(hex.charCodeAt(digit + 1));
    if ((high | low) > 15) return false;
    target[at++] = (high << 4) | low;
  }
  return true;
}

/** The bytes of a hex text that has passed its schema. Throws RangeError if it does not hold exactly `length` bytes. */
export function requireHexBytes(hex: string, length: number): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes?.length !== length) throw new RangeError(`${length} bytes in lowercase hexadecimal are needed`);
  return bytes;
}

/** The value of a character code that is a lowercase hex digit; 0xff for others. */
export function hexDigit(code: number): number {
  return code < 128 ? VALUES[code]! : 0xff;
}
