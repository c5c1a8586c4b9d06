import { setTimeout as sleep } from "node:timers/promises";
import type { Genesis } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { parameters } from "@galen/ledger/app/parameters";
import type { Refusal } from "@galen/ledger/app/refusal";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { maxDataBytes } from "@galen/ledger/block/block-size";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { ChainError } from "../chain/chain-error.ts";
import { openChainStore } from "../chain/chain-store.ts";
import type { SealedBlock } from "../chain/sealed-block.ts";
import type { Tip } from "../chain/tip.ts";
import type { Engine, EngineHealth } from "../engine.ts";
import { createEngineFront } from "../engine-front.ts";
import { errors } from "../errors.ts";
import { type Admission, createAdmission } from "../pool/admission.ts";
import { createMempool, type Mempool } from "../pool/mempool.ts";
import { createCheckTx } from "./application/check-tx.ts";
import { createConsensus } from "./application/consensus.ts";
import { createQuery } from "./application/query.ts";
import { createSignatureCheck, type VerifySignatures } from "./application/signature-check.ts";
import { noSnapshots } from "./application/snapshots.ts";
import { findChainStart, tipBeforeFirst } from "./chain-start.ts";
import { createFollower } from "./follower.ts";
import type { CometHost } from "./host.ts";
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
}

/** How long what waits here may take to get into a block when the node stops. */
const DRAINING_MS = 3_000;
const PAUSE_MS = 20;

/**
 * Opens the engine that orders by CometBFT. A block counts as durable here when it lies in the chain store with its commit, copied from CometBFT and
 * verified; then everything that follows blocks works as with the embedded engine. Throws ChainError, or Error when CometBFT does not come up.
 */
export async function openCometEngine(options: CometEngineOptions): Promise<Engine> {
  const { ledger, kv, crypto, host, genesis } = options;
  const store = openChainStore(kv, options.versions);
  const pool = createMempool({ maxTxs: options.maxPoolTxs, maxBytes: options.maxPoolBytes });
  const admission = createAdmission({ ledger, pool, maxTxBytes: () => roomForTxs(ledger, follower.tip) });
  const signatures = createSignatureCheck(ledger, options.verifySignatures);
  const failure = Promise.withResolvers<unknown>();
  let health: EngineHealth = { state: "running", refusal: undefined };

  const follower = createFollower({
    ...{ kv, store, ledger, crypto, rpc: host.rpc, fail, publish: take },
    start: await findChainStart({ kv, store, ledger, genesis, crypto }),
    tipBeforeFirst: (first) => tipBeforeFirst({ kv, rpc: host.rpc, genesis, crypto }, first),
  });
  const { publish, abandon, ...front } = createEngineFront({
    ...{ store, pool, sha256: crypto.sha256 },
    tip: () => follower.tip,
    earliestHeight: () => follower.earliestHeight ?? 0,
    admit: createSubmission({ ...options, pool, admission, signatures, rpc: host.rpc, refusal: () => health.refusal }),
  });

  function take(block: SealedBlock): void {
    publish(block);
    dropExpired(pool, admission, toMilliseconds(block.header.time));
  }

  function fail(cause: unknown): void {
    if (health.state === "failed" || health.state === "stopped") return;
    const refusal = refusalOf(cause);
    health = { state: "failed", refusal };
    abandon(refusal);
    failure.resolve(cause);
    void follower.stop();
    void host.close();
  }

  async function stop(): Promise<void> {
    const refusal = errors.Stopping();
    if (health.state === "running") {
      health = { state: "stopping", refusal };
      await drained(pool);
      abandon(refusal);
    }
    await follower.stop();
    await host.close();
    if (health.state === "stopping") health = { state: "stopped", refusal };
  }

  host.serve(
    {
      ...createQuery(ledger),
      ...createConsensus({ ledger, genesis, crypto, signatures, retainHeight: () => 0, onCommit: follower.committed }),
      ...createCheckTx({ ledger, pool, admission, signatures, sha256: crypto.sha256 }),
      ...noSnapshots,
    },
    fail,
  );
  await host.ready();
  follower.kick();
  return { ...front, health: () => health, failure: failure.promise, stop };
}

function refusalOf(cause: unknown): Refusal {
  return cause instanceof ChainError && cause.code === "WriteFailed" ? errors.StorageFailed() : errors.Halted();
}

function roomForTxs(ledger: Ledger, { validators }: Tip): number {
  return maxDataBytes(parameters.get(ledger, "current")!.maxBlockBytes, validators.length);
}

/** CometBFT drops what has expired at its next look; if it does not know them any more, nobody else would tell those who wait. */
function dropExpired(pool: Mempool, admission: Admission, time: number): void {
  for (const pending of pool.waiting()) {
    if (pending.prepared.transaction.body.expiresAt <= time) admission.recheck(pending);
  }
}

/** Resolves when nothing waits any more, or has waited long enough. */
async function drained(pool: Mempool): Promise<void> {
  for (let waitedMs = 0; pool.txs > 0 && waitedMs < DRAINING_MS; waitedMs += PAUSE_MS) await sleep(PAUSE_MS);
}
