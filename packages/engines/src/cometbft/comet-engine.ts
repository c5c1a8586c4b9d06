import { setTimeout as sleep } from "node:timers/promises";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { maxDataBytes } from "@galen/ledger/block/block-size";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { openChainStore } from "../chain/chain-store.ts";
import type { SealedBlock } from "../chain/sealed-block.ts";
import type { Tip } from "../chain/tip.ts";
import { prepareRestart } from "../ending.ts";
import type { Engine } from "../engine.ts";
import { createEngineFront } from "../engine-front.ts";
import { type Admission, createAdmission } from "../pool/admission.ts";
import { createMempool, type Mempool } from "../pool/mempool.ts";
import { createCheckTx } from "./application/check-tx.ts";
import { createConsensus } from "./application/consensus.ts";
import { createKnownTransactions } from "./application/known-transactions.ts";
import { createQuery } from "./application/query.ts";
import { createSignatureCheck, type VerifySignatures } from "./application/signature-check.ts";
import { findChainStart, tipBeforeFirst } from "./chain-start.ts";
import { createEngineLife } from "./engine-life.ts";
import { createFollower } from "./follower.ts";
import type { CometHost } from "./host.ts";
import { fetchPriorities } from "./rpc/fetch-block.ts";
import { createSnapshotServer } from "./snapshots/serve-snapshots.ts";
import type { SnapshotFolder } from "./snapshots/snapshot-folder.ts";
import { createSubmission } from "./submission.ts";

export interface CometEngineOptions {
  readonly ledger: Ledger;
  /** The store that `ledger` was opened on. */
  readonly kv: KeyValueStore;
  /** Those that `ledger` was opened with. */
  readonly versions: readonly LedgerVersion[];
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
  /** The CometBFT process and the socket through which it drives the ledger. */
  readonly host: CometHost;
  /** Checks a transaction's signatures elsewhere, such as in worker threads. By default the ledger does. */
  readonly verifySignatures?: VerifySignatures;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly maxPoolTxs: number;
  readonly maxPoolBytes: number;
  readonly emptyBlockIntervalMs: number;
  /** Where snapshots for nodes that begin are kept, and at which heights they are made; 0 for none. */
  readonly snapshots: { readonly folder: SnapshotFolder; readonly intervalBlocks: number };
  /** Blocks that CometBFT keeps for its peers, at least; 0 for all. */
  readonly retainBlocks: number;
  /** Hears what went wrong beside the making of blocks: a snapshot could not be made, a transaction not be checked, a block not be fetched. */
  readonly report: (error: unknown) => void;
}

/** How long what waits here may take to get into a block when the node stops. */
const DRAINING_MS = 3_000;
const PAUSE_MS = 20;

/**
 * Opens the engine that orders by CometBFT. A block counts as durable here when it lies in the chain store with its commit, copied from CometBFT and
 * verified; then everything that follows blocks works as with the embedded engine. Throws ChainError, or Error when CometBFT does not come up.
 */
export async function openCometEngine(options: CometEngineOptions): Promise<Engine> {
  const { ledger, kv, crypto, host, genesis, report } = options;
  const store = openChainStore(kv, options.versions);
  const pool = createMempool({ maxTxs: options.maxPoolTxs, maxBytes: options.maxPoolBytes });
  const admission = createAdmission({ ledger, pool, sha256: crypto.sha256, maxTxBytes: () => roomForTxs(follower.tip), report });
  const signatures = createSignatureCheck(ledger, options.verifySignatures);
  const snapshots = createSnapshotServer({ ledger, sha256: crypto.sha256, ...options.snapshots, report });
  const life = createEngineLife({ close, drained: () => drained(pool), abandon: (reason) => abandon(reason) });

  const follower = createFollower({
    ...{ kv, store, ledger, crypto, rpc: host.rpc, fail: life.fail, report, publish: take },
    start: await findChainStart({ kv, store, ledger, genesis, crypto }),
    tipBeforeFirst: (first) => tipBeforeFirst({ kv, rpc: host.rpc, genesis, crypto }, first),
  });
  const { publish, abandon, ...front } = createEngineFront({
    ...{ store, pool, sha256: crypto.sha256 },
    tip: () => follower.tip,
    proposerPriorities: (height) => fetchPriorities(host.rpc, height),
    earliestHeight: () => follower.earliestHeight,
    admit: createSubmission({ ...options, pool, admission, signatures, rpc: host.rpc, refusal: () => life.health().refusal }),
  });

  function take(block: SealedBlock): void {
    publish(block);
    dropExpired(pool, admission, toMilliseconds(block.header.time));
  }

  async function close(): Promise<void> {
    await consensus.pause();
    if (life.health().state === "stopping") await follower.caughtUp();
    await follower.stop();
    await host.close();
    await snapshots.idle();
    if (life.health().state === "stopping") await prepareRestart(ledger).catch(life.fail);
  }

  const retainHeight = () => Math.min(heightToRetain(options, follower.tip), snapshots.oldestHeight());
  const known = createKnownTransactions({ pool, sha256: crypto.sha256 });
  const onCommit = [snapshots.committed, follower.committed];
  const consensus = createConsensus({ ledger, genesis, crypto, signatures, known, onExecuted: admission.renew, onCommit, retainHeight });
  const checks = createCheckTx({ ledger, pool, admission, signatures, sha256: crypto.sha256, report });
  host.serve({ ...createQuery(ledger), ...consensus, ...checks, ...snapshots.application }, life.fail);
  await host.ready();
  follower.kick();
  return { ...front, health: life.health, failure: life.failure, stop: life.stop };
}

/** CometBFT may forget what the chain store holds and no peer needs; the snapshots that are offered are followed by its blocks. */
function heightToRetain({ ledger, retainBlocks }: CometEngineOptions, { height }: Tip): number {
  return retainBlocks === 0 ? 0 : Math.max(0, Math.min(height, ledger.durableHeight - retainBlocks));
}

function roomForTxs({ maxBlockBytes, validators }: Tip): number {
  return maxDataBytes(maxBlockBytes, validators.length);
}

/** CometBFT drops what has expired at its next look; if it does not know them any more, nobody else would tell those who wait. */
function dropExpired(pool: Mempool, admission: Admission, time: number): void {
  for (const pending of pool.waiting()) {
    if (pending.expiresAt <= time) admission.recheck(pending);
  }
}

/** Resolves when nothing waits any more, or has waited long enough. */
async function drained(pool: Mempool): Promise<void> {
  for (let waitedMs = 0; pool.txs > 0 && waitedMs < DRAINING_MS; waitedMs += PAUSE_MS) await sleep(PAUSE_MS);
}
