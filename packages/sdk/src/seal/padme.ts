/**
 * Padmé (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: Reducing Metadata Leakage from Encrypted Files and Communication with PURBs,
 * PoPETs 2019, algorithm 1): the smallest length >= `length` whose binary form has no more significant bits than the exponent has. It adds
 * at most 12 % and lets O(log log M) bits of a length up to M be seen.
 *
 * @param length bytes, a safe integer from 0
 */
export function padmeLength(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError("a length is a safe integer from 0");
  if (length < 2) return length;
  const exponent = bitLength(length) - 1;
  const step = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(length / step) * step;
}

function bitLength(value: number): number {
  return value.toString(2).length;
}
