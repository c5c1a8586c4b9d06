/** Two lowercase digits for each byte value. */
const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The value of each character code that is a lowercase hex digit; 0xff elsewhere. */
const VALUES = new Uint8Array(128).fill(0xff);
for (let value = 0; value < 16; value++) VALUES[value.toString(16).charCodeAt(0)] = value;

/** Lowercase hex of `bytes`, two digits per byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = "";
  for (let at = 0; at < bytes.length; at++) hex += DIGITS[bytes[at]!]!;
  return hex;
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
