/** The same bytes under the type that web APIs ask for: this SDK never makes shared memory, which they would refuse. */
export function webSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
