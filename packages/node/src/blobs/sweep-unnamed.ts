import type { Engine } from "@galen/engines/engine";
import type { Follower } from "../follow-blocks.ts";
import type { BlobStore } from "./blob-store.ts";

/**
 * Forgets blobs that were stored before `storedBefore` (milliseconds since 1970) and that no transaction names; returns how many. None while
 * `follower`, which marks what is named, is behind the chain: a blob that it has not come to looks like one that nobody wants.
 */
export async function sweepUnnamed(options: {
  readonly engine: Pick<Engine, "status">;
  readonly follower: Pick<Follower, "caughtUp" | "height">;
  readonly blobs: Pick<BlobStore, "sweep">;
  readonly storedBefore: number;
}): Promise<number> {
  const { engine, follower, blobs, storedBefore } = options;
  await follower.caughtUp();
  return follower.height < engine.status().height ? 0 : blobs.sweep(storedBefore);
}
