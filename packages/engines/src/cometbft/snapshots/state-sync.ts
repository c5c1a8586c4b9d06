import type { Ledger } from "@galen/ledger/app/ledger";
import { restoreLedger } from "@galen/ledger/app/restore-ledger";
import type { Header } from "@galen/ledger/block/header";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { clearStore } from "@galen/ledger/store/clear-store";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { SNAPSHOT_FORMAT, type SnapshotManifest } from "@galen/ledger/store/snapshot";
import { holdsState, restoringWrite } from "@galen/ledger/store/state-head";
import type { StateReader } from "@galen/ledger/store/state-store";
import { StoreError } from "@galen/ledger/store/store-error";
import { type Application, ApplyResult, OfferResult, type RequestOf, type ResponseOf } from "../abci/messages.ts";
import { baseWrite } from "../chain-start.ts";
import type { CometHost } from "../host.ts";
import { type ChunkFeed, createChunkFeed } from "./chunk-feed.ts";
import { manifestOf } from "./offered-snapshot.ts";
import type { SnapshotMethods } from "./serve-snapshots.ts";

export interface StateSyncOptions {
  readonly host: CometHost;
  /** Empty, or what an interrupted beginning left: `isBeginning`. */
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  /** The header of a height, verified from the one that the operator trusts. Rejects when nobody gives it. */
  readonly verifiedHeader: (height: number) => Promise<Pick<Header, "time">>;
  /** Opens the ledger once its state is there. */
  readonly openLedger: () => Promise<Ledger>;
  /** Hears why a snapshot was rejected: CometBFT is not told, and looks for another one. */
  readonly report: (error: unknown) => void;
}

/** A snapshot on its way into the store. */
interface Restoring {
  readonly manifest: SnapshotManifest;
  readonly feed: ChunkFeed;
  /** Resolves when all of it is there and was checked. */
  readonly done: Promise<Ledger>;
}

/**
 * Lets CometBFT find a snapshot of other nodes and fills the store from it. CometBFT vouches for the app hash, by its light client from the header that the
 * operator trusts, and tells nothing else of it: `verifiedHeader` vouches for the block time. Against these the state is checked, and against the state
 * the replay window. Resolves with the ledger; CometBFT then waits for the engine. Rejects when CometBFT ends, and with StoreError StoreWriteFailed when the disk takes
 * no more.
 */
export async function beginFromSnapshot({ host, kv, crypto, verifiedHeader, openLedger, report }: StateSyncOptions): Promise<Ledger> {
  const begun = Promise.withResolvers<Ledger>();
  let restoring: Restoring | undefined;

  async function restore(manifest: SnapshotManifest, appHash: Uint8Array, feed: ChunkFeed): Promise<Ledger> {
    const { time } = await verifiedHeader(manifest.height);
    // What is left of a snapshot that was not the right one.
    await clearStore(kv);
    const signedBlock = async () => ({ time: toMilliseconds(time), appHash });
    const withState = (state: StateReader) => [baseWrite(manifest.height, state)];
    await restoreLedger({ kv, crypto, manifest, chunks: feed.chunks, signedBlock, withState });
    return openLedger();
  }

  async function offerSnapshot({ snapshot, appHash }: RequestOf<"offerSnapshot">): Promise<ResponseOf<"offerSnapshot">> {
    if (snapshot?.format !== SNAPSHOT_FORMAT) return { result: OfferResult.rejectFormat };
    const manifest = manifestOf(snapshot, crypto.sha256);
    if (!manifest || manifest.root !== bytesToHex(appHash)) return { result: OfferResult.reject };
    await abandon(restoring);
    const feed = createChunkFeed();
    const done = restore(manifest, appHash.slice(), feed);
    done.catch(() => {}); // heard with the chunk that spoils it, or the last
    restoring = { manifest, feed, done };
    return { result: OfferResult.accept };
  }

  async function applySnapshotChunk({ index, chunk, sender }: RequestOf<"applySnapshotChunk">): Promise<ResponseOf<"applySnapshotChunk">> {
    if (!restoring) return verdict(ApplyResult.abort);
    const { manifest, feed, done } = restoring;
    if (bytesToHex(crypto.sha256(chunk)) !== manifest.chunks[index])
      return { result: ApplyResult.retry, refetchChunks: [index], rejectSenders: [sender] };
    const isLast = index === manifest.chunks.length - 1;
    try {
      await Promise.race([feed.push(chunk.slice()), done]);
      if (isLast) {
        feed.end();
        const ledger = await done;
        host.hold(); // not before: a snapshot that is rejected is followed by the offer of another
        begun.resolve(ledger);
      }
      return verdict(ApplyResult.accept);
    } catch (error) {
      if (refusesWrites(error)) {
        begun.reject(error);
        return verdict(ApplyResult.abort);
      }
      report(error);
      return verdict(ApplyResult.rejectSnapshot); // its chunks are as offered, but they are not the state of the app hash, or nobody could tell
    }
  }

  if (holdsState(kv)) await clearUnfinished(host, kv);
  host.serve({ ...withoutState, offerSnapshot, applySnapshotChunk }, begun.reject);
  // Both are heard from here on: CometBFT may end before it is ready.
  const [ledger] = await Promise.all([begun.promise, host.ready()]);
  return ledger;
}

/**
 * Turns a state on which no block was executed into a restore that was interrupted. CometBFT's chain goes first: killed in between, the node finds the state
 * again at its next start, and goes on clearing.
 */
async function clearUnfinished(host: CometHost, kv: KeyValueStore): Promise<void> {
  await host.forgetChain();
  await kv.write([restoringWrite()]);
}

async function abandon(restoring: Restoring | undefined): Promise<void> {
  restoring?.feed.fail(new Error("another snapshot takes its place"));
  await restoring?.done.catch(() => {});
}

/** After that the store takes no write any more, of whatever snapshot. */
function refusesWrites(error: unknown): boolean {
  return error instanceof StoreError && error.code === "StoreWriteFailed";
}

function verdict(result: number): ResponseOf<"applySnapshotChunk"> {
  return { result, refetchChunks: [], rejectSenders: [] };
}

function notYet(): never {
  throw new Error("CometBFT asked for a block of a node that has no state yet; delete its folder and begin again");
}

/** What a node without a state answers. CometBFT asks for nothing else before the snapshot is there. */
const withoutState: Omit<Application, Extract<SnapshotMethods, "offerSnapshot" | "applySnapshotChunk">> = {
  echo: ({ message }) => ({ message }),
  flush: () => ({}),
  info: () => ({ data: "galen", version: "", appVersion: 0, lastBlockHeight: 0, lastBlockAppHash: new Uint8Array(0) }),
  query: notYet,
  checkTx: notYet,
  initChain: notYet,
  listSnapshots: () => ({ snapshots: [] }),
  loadSnapshotChunk: () => ({ chunk: new Uint8Array(0) }),
  prepareProposal: notYet,
  processProposal: notYet,
  extendVote: notYet,
  verifyVoteExtension: notYet,
  finalizeBlock: notYet,
  commit: notYet,
};
