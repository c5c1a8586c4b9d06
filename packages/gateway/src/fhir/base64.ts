/** Bytes of FHIR's base64Binary, which allows white space (FHIR R4 datatypes.html#base64Binary); undefined for what is no base64. */
export function decodeBase64(data: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(data);
    const bytes = new Uint8Array(binary.length);
    // By hand: `Uint8Array.from` takes ten times as long for an image.
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
