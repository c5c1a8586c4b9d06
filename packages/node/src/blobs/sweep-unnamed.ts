import type { Engine } from "@galen/engines/engine";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { Follower } from "../follow-blocks.ts";
import type { BlobStore } from "./blob-store.ts";

/**
 * Forgets blobs that no transaction has named in `waitMs` since they were stored; returns how many. That time must have passed on the node's clock and on the
 * chain's: a chain that stands still for days may go on with what waited, as no transaction expires before the time of a block has come to that. None while
 * `follower`, which marks what is named, is behind the chain: a blob that it has not come to looks like one that nobody wants.
 */
export async function sweepUnnamed(options: {
  readonly engine: Pick<Engine, "status">;
  readonly follower: Pick<Follower, "caughtUp" | "height">;
  readonly blobs: Pick<BlobStore, "sweep">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly waitMs: number;
}): Promise<number> {
  const { engine, follower, blobs, now, waitMs } = options;
  await follower.caughtUp();
  const { height, header } = engine.status();
  if (!header || follower.height < height) return 0;
  return blobs.sweep(Math.min(now(), toMilliseconds(header.time)) - waitMs);
}
