import { type Application, ApplyResult, OfferResult } from "../abci/messages.ts";

type Methods = "listSnapshots" | "offerSnapshot" | "loadSnapshotChunk" | "applySnapshotChunk";

/** Of a node that neither serves nor takes snapshots. */
export const noSnapshots: Pick<Application, Methods> = {
  listSnapshots: () => ({ snapshots: [] }),
  offerSnapshot: () => ({ result: OfferResult.reject }),
  loadSnapshotChunk: () => ({ chunk: new Uint8Array(0) }),
  applySnapshotChunk: () => ({ result: ApplyResult.abort, refetchChunks: [], rejectSenders: [] }),
};
