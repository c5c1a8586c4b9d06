import { concatBytes } from "@galen/ledger/crypto/bytes";
import type { Deadline } from "./deadline.ts";

/**
 * The body of an answer; undefined for one that is longer: a sender that never ends would fill the memory. What comes puts off the deadline. Rejects with what
 * broke it off.
 */
export async function readBody({ body, headers }: Response, maxBytes: number, deadline?: Deadline): Promise<Uint8Array | undefined> {
  if (Number(headers.get("content-length") ?? 0) > maxBytes) {
    await body?.cancel();
    return undefined;
  }
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) return concatBytes(chunks);
    size += chunk.value.length;
    deadline?.extendBy(chunk.value.length);
    chunks.push(chunk.value);
    if (size > maxBytes) break;
  }
  await reader?.cancel();
  return undefined;
}
