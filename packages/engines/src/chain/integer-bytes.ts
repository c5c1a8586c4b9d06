/** Big endian. Digit by digit, because a DataView would move so short an array out of the collector's cheap memory. */
export function writeInteger(target: Uint8Array, at: number, size: number, value: number): void {
  let rest = value;
  for (let i = at + size - 1; i >= at; i--) {
    target[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}
