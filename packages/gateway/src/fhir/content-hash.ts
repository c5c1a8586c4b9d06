import { canonicalText, type JsonValue, type KnownTexts } from "./json-value.ts";

/** SHA-256 of the value's canonical text, in lower-case hex: equal for files that differ in white space and key order only. */
export async function contentHash(value: JsonValue, known?: KnownTexts): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonicalText(value, known)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
