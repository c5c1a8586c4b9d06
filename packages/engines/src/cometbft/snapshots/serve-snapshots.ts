import type { Ledger } from "@galen/ledger/app/ledger";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { type Application, ApplyResult, OfferResult } from "../abci/messages.ts";
import { offerOf } from "./offered-snapshot.ts";
import type { SnapshotFolder } from "./snapshot-folder.ts";

export type SnapshotMethods = "listSnapshots" | "offerSnapshot" | "loadSnapshotChunk" | "applySnapshotChunk";

export interface SnapshotServerOptions {
  readonly ledger: Ledger;
  readonly folder: SnapshotFolder;
  /** A snapshot at every height that this divides; 0 for none. */
  readonly intervalBlocks: number;
  readonly sha256: Sha256;
  /** Hears when one could not be made or read: the disk is full, say. The node goes on. */
  readonly report: (error: unknown) => void;
}

export interface SnapshotServer {
  readonly application: Pick<Application, SnapshotMethods>;
  /** To be called in the same turn in which a block has become durable, before the next one is written. */
  committed(height: number): void;
  /** Of the oldest that is offered; infinite while there is none. */
  oldestHeight(): number;
  /** Resolves when none is being made. */
  idle(): Promise<void>;
}

/** Makes snapshots beside the work of the node, one at a time, and hands them to nodes that begin. */
export function createSnapshotServer({ ledger, folder, intervalBlocks, sha256, report }: SnapshotServerOptions): SnapshotServer {
  let making: Promise<void> | undefined;
  /** Where none is made any more, those of before would grow old for good, and hold back the blocks that follow them. */
  const offered = () => (intervalBlocks === 0 ? [] : folder.list());

  function committed(height: number): void {
    if (making !== undefined || intervalBlocks === 0 || height % intervalBlocks !== 0) return;
    making = folder
      .add(height, ledger.snapshot)
      .catch(report)
      .finally(() => {
        making = undefined;
      });
  }

  return {
    application: {
      listSnapshots: () => ({ snapshots: offered().map((manifest) => offerOf(manifest, sha256)) }),
      // A disk that does not give it is reported: an error here would end the node whenever somebody asks.
      loadSnapshotChunk: async ({ height, chunk }) => ({ chunk: (await folder.chunk(height, chunk).catch(report)) ?? new Uint8Array(0) }),
      // This node has its state already.
      offerSnapshot: () => ({ result: OfferResult.abort }),
      applySnapshotChunk: () => ({ result: ApplyResult.abort, refetchChunks: [], rejectSenders: [] }),
    },
    committed,
    oldestHeight: () => offered().at(-1)?.height ?? Number.POSITIVE_INFINITY,
    idle: async () => making,
  };
}
