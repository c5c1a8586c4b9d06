import { equalBytes } from "../crypto/bytes.ts";
import { bytesToHex } from "../crypto/hex.ts";
import type { KeyValueStore } from "../store/kv.ts";
import { restoreSnapshot, type SnapshotTarget } from "../store/restore-snapshot.ts";
import type { RecordRange } from "../store/snapshot.ts";
import type { StateReader } from "../store/state-store.ts";
import { StoreError } from "../store/store-error.ts";
import { BLOCK_TIME_KEY, bookkeepingRange, readBlockTime } from "./block-record.ts";
import { readContext } from "./execute.ts";
import { chain } from "./genesis.ts";
import { assertReplayWindow, liveReplayRange, replayRange } from "./replay-window.ts";

/** What a snapshot of the ledger holds beside the state: the time of its block, and the replay window. */
export const ledgerRanges: readonly RecordRange[] = [bookkeepingRange, replayRange];

/** What a snapshot of a block at `time` holds beside the state. It leaves out what a sweep would delete, so that all nodes make the same bytes. */
export function liveRanges(time: number): readonly RecordRange[] {
  return [bookkeepingRange, liveReplayRange(time)];
}

/** What signed headers say of a block. */
export interface SignedBlock {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Root of the state that it led to. */
  readonly appHash: Uint8Array;
}

/** Where a snapshot comes from, and who says what it must be. */
export interface LedgerTarget extends Omit<SnapshotTarget, "ranges" | "requireRecords"> {
  /** Further ranges that the snapshot holds after the ledger's, for `signedBlock` to check. */
  readonly also?: readonly RecordRange[];
  /** The block of `manifest.height`, verified. Asked when all records are in the store. */
  readonly signedBlock: () => Promise<SignedBlock>;
}

/**
 * Fills an empty store from a snapshot of the ledger. Root and block time are compared with the signed block, the state with the root, and the
 * replay window with the state; only then does the store open. Throws StoreError, SnapshotInvalid when the snapshot is not what the block led to or its
 * replay window was tampered with, or what `signedBlock` rejects with; the store is then to be deleted.
 */
export async function restoreLedger({ also = [], signedBlock, ...target }: LedgerTarget): Promise<void> {
  const { kv, crypto, manifest } = target;

  async function requireRecords(state: StateReader): Promise<void> {
    await requireBlockTimeAlone(kv);
    const { height, root } = manifest;
    const signed = await signedBlock();
    const time = readBlockTime(kv);
    if (time !== signed.time || bytesToHex(signed.appHash) !== root)
      throw new StoreError("SnapshotInvalid", `the snapshot's state is not the one that its block ${height} led to; take another snapshot`);
    const founded = chain.get({ state }, "current");
    if (!founded) throw new StoreError("SnapshotInvalid", "the snapshot is not one of a ledger: it names no chain");
    await assertReplayWindow(readContext({ chainId: founded.chainId, height, time, crypto, state }), kv);
  }

  await restoreSnapshot({ ...target, ranges: [...ledgerRanges, ...also], requireRecords });
}

/** Throws StoreError SnapshotInvalid when there is more bookkeeping than the time of the last block. */
async function requireBlockTimeAlone(kv: KeyValueStore): Promise<void> {
  for await (const [key] of kv.range(bookkeepingRange))
    if (!equalBytes(key, BLOCK_TIME_KEY))
      throw new StoreError("SnapshotInvalid", "the snapshot's bookkeeping holds what no ledger writes; take another one");
}
