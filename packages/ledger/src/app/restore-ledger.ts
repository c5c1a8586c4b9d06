import { restoreSnapshot, type SnapshotTarget } from "../store/restore-snapshot.ts";
import type { RecordRange } from "../store/snapshot.ts";
import { openStateStore } from "../store/state-store.ts";
import { bookkeepingRange, readBlockTime } from "./block-record.ts";
import { readContext } from "./execute.ts";
import { chain } from "./genesis.ts";
import { assertReplayWindow, liveReplayRange, replayRange } from "./replay-window.ts";

/** What a snapshot of the ledger holds beside the state: the time of its block, and the replay window. */
export const ledgerRanges: readonly RecordRange[] = [bookkeepingRange, replayRange];

/** What a snapshot of a block at `time` holds beside the state. It leaves out what a sweep would delete, so that all nodes make the same bytes. */
export function liveRanges(time: number): readonly RecordRange[] {
  return [bookkeepingRange, liveReplayRange(time)];
}

/**
 * Fills an empty store from a snapshot of the ledger. `manifest.root` must be the app hash of a header that was verified; against it the state is
 * checked, and against the state the replay window. The block time has no commitment in the state: compare it with the header of
 * `manifest.height`. Throws StoreError, or Error when the replay window was tampered with; the store is then to be deleted.
 *
 * @param target `also`: further ranges that the snapshot holds after the ledger's, for whoever knows them to check
 * @returns the chain and the block time, milliseconds since 1970
 */
export async function restoreLedger({
  also = [],
  ...target
}: Omit<SnapshotTarget, "ranges"> & { readonly also?: readonly RecordRange[] }): Promise<{
  readonly chainId: string;
  readonly time: number;
}> {
  const { kv, crypto, manifest } = target;
  await restoreSnapshot({ ...target, ranges: [...ledgerRanges, ...also] });
  const state = await openStateStore({ kv, crypto });
  const time = readBlockTime(kv);
  const founded = chain.get({ state }, "current");
  if (time === undefined || !founded) throw new Error("the snapshot is not one of a ledger: it names no chain or no time");
  await assertReplayWindow(readContext({ chainId: founded.chainId, height: manifest.height, time, crypto, state }), kv);
  return { chainId: founded.chainId, time };
}
