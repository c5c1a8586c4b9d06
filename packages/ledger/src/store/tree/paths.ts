/** Bytes of a path: SHA-256 of a state key. Bit 0 is the highest bit of its first byte; 0 turns left, 1 right. */
export const PATH_BYTES = 32;
export const PATH_BITS = 256;

/** Bit `depth` of the path at byte `at`. */
export function bitAt(bytes: Uint8Array, at: number, depth: number): 0 | 1 {
  return ((bytes[at + (depth >>> 3)]! >>> (7 - (depth & 7))) & 1) as 0 | 1;
}

/** How many leading bits two paths share, 256 when they are equal. */
export function sharedBits(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  let byte = 0;
  while (byte < PATH_BYTES && a[aAt + byte] === b[bAt + byte]) byte++;
  return byte === PATH_BYTES ? PATH_BITS : 8 * byte + Math.clz32(a[aAt + byte]! ^ b[bAt + byte]!) - 24;
}

/** Negative, zero or positive as the first path is lower than, equal to or higher than the second. */
export function comparePaths(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let byte = 0; byte < PATH_BYTES; byte++) {
    const difference = a[aAt + byte]! - b[bAt + byte]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
