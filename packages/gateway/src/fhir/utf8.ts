import { FhirRefusal } from "./refusal.ts";

/**
 * Text of the bytes, which must be UTF-8 without a byte order mark.
 *
 * @throws FhirRefusal `json/ByteOrderMark`, `json/NotUtf8` with the line and column of the first bad byte
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new FhirRefusal("json/ByteOrderMark", { file, path: "$", line: 1, column: 1 });
  }
  const text = tryDecode(bytes);
  if (text === undefined) throw new FhirRefusal("json/NotUtf8", { file, path: "$", ...firstBadByte(bytes) });
  return text;
}

function tryDecode(bytes: Uint8Array, stream = false): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

/** Bisects for the longest prefix without a fault; a character cut off by the end of the prefix is none yet. */
function firstBadByte(bytes: Uint8Array): { line: number; column: number } {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (tryDecode(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  const lines = (tryDecode(bytes.subarray(0, good), true) ?? "").split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
