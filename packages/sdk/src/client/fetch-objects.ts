import type { Actor } from "./actor.ts";
import type { Client } from "./client.ts";
import { readFrames } from "./frames.ts";
import { clientErrors, galenError } from "./galen-error.ts";
import { requestBytes } from "./send-request.ts";
import { chainIdOf } from "./status.ts";

/** The blobs of a sealed object. */
export type ObjectPart = "ciphertext" | "ownerCapsule" | "collectiveCapsule";

export interface FetchOptions {
  /** The owner, a delegate, or the holder of a release. */
  readonly as: Actor;
  /** 1 to 256 ids, hex, none of them twice. */
  readonly objectIds: readonly string[];
  /** The owner capsule goes to the owner only. */
  readonly parts: readonly ObjectPart[];
}

/** The parts of sealed objects as the node has them, for each object in the order of `parts`; not checked here. Rejects with GalenError. */
export async function fetchObjects(client: Client, { as: actor, objectIds, parts }: FetchOptions): Promise<Uint8Array[][]> {
  const body = new TextEncoder().encode(JSON.stringify({ objectIds, parts }));
  const as = { actor, chainId: await chainIdOf(client) };
  const answer = await requestBytes(client, { method: "POST", path: "/v1/objects/fetch", as, body, contentType: "application/json" });
  const frames = readFrames(answer);
  if (frames?.length !== objectIds.length * parts.length) throw galenError(clientErrors.UnexpectedAnswer({ field: "frames" }));
  return objectIds.map((_, index) => frames.slice(index * parts.length, (index + 1) * parts.length));
}
