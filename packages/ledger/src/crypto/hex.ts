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

/** Lowercase hex of `bytes`, two digits per byte. One call for the whole text: appending digit by digit costs three times as much. */
export function bytesToHex(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK) return chunkToHex(bytes);
  let hex = "";
  for (let at = 0; at < bytes.length; at += CHUNK) hex += chunkToHex(bytes.subarray(at, at + CHUNK));
  return hex;
}

function chunkToHex(bytes: Uint8Array): string {
  const codes = new Array<number>(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const digits = DIGITS[bytes[at]!]!;
    codes[2 * at] = digits >> 8;
    codes[2 * at + 1] = digits & 0xff;
  }
  return String.fromCharCode.apply(null, codes);
}

/** The bytes of a hex text; undefined on an odd length or anything but 0-9 a-f: one form only, so that equal bytes are equal texts. */
export function hexToBytes(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = digitValue(hex.charCodeAt(2 * at));
    const low = digitValue(hex.charCodeAt(2 * at + 1));
    if ((high | low) > 15) return undefined;
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}

/** The bytes of a hex text that has passed its schema. Throws RangeError if it does not hold exactly `length` bytes. */
export function requireHexBytes(hex: string, length: number): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes?.length !== length) throw new RangeError(`${length} bytes in lowercase hexadecimal are needed`);
  return bytes;
}

function digitValue(code: number): number {
  return code < 128 ? VALUES[code]! : 0xff;
}
