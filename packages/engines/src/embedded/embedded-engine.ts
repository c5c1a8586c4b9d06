import { refusedResult } from "@galen/ledger/app/execute";
import { Refusal } from "@galen/ledger/app/refusal";
import type { LedgerVersion } from "@galen/ledger/app/version";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import type { PreparedTransaction } from "@galen/ledger/tx/prepare";
import { type ExecutedTx, openChainStore } from "../chain/chain-store.ts";
import type { SealedBlock } from "../chain/sealed-block.ts";
import type { Engine, Submission, WaitOptions } from "../engine.ts";
import { errors } from "../errors.ts";
import { waitForPending } from "../pending.ts";
import { createAdmission } from "./admission.ts";
import { type ChainOptions, openChain } from "./chain.ts";
import { createMempool, type Mempool } from "./mempool.ts";
import { createSealer } from "./sealer.ts";
import { defaultSettings, type EmbeddedEngineSettings } from "./settings.ts";

export interface EmbeddedEngineOptions extends Omit<ChainOptions, "store"> {
  /** The store that `ledger` was opened on. */
  readonly kv: KeyValueStore;
  /** Those that `ledger` was opened with. */
  readonly versions: readonly LedgerVersion[];
  /** Checks a transaction's signatures elsewhere, such as in worker threads. By default the dry run does. */
  readonly verifySignatures?: (prepared: PreparedTransaction) => Promise<boolean>;
  readonly settings?: Partial<EmbeddedEngineSettings>;
}

/**
 * Opens the one-validator chain that `kv` holds, or founds it. Blocks, headers, commits and results are CometBFT's, so that one light client
 * reads both. Throws ChainError when the chain, the state and the key's last vote do not fit together.
 */
export async function openEmbeddedEngine(options: EmbeddedEngineOptions): Promise<Engine> {
  const { ledger, crypto, verifySignatures } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const store = openChainStore(options.kv, options.versions);
  const chain = await openChain({ ...options, store });
  const pool = createMempool({ maxTxs: settings.maxPoolTxs, maxBytes: settings.maxPoolBytes });
  const admission = createAdmission({ ledger, pool, blockLimit: () => chain.tip.maxBlockBytes });
  const listeners = new Set<(block: SealedBlock) => void>();
  const sealer = createSealer({ ...options, settings, chain, pool, admission, publish, abandon: (refusal) => rejectAll(pool, refusal) });

  function publish(block: SealedBlock): void {
    resolveWritten(pool, block);
    // In turns of their own: an exception of a listener is that listener's and ends the process, not the sealing.
    for (const listener of listeners) queueMicrotask(() => listener(block));
  }

  async function submit(bytes: Uint8Array): Promise<Submission> {
    try {
      requireRunning();
      const prepared = admission.examine(bytes);
      await sealer.freshen();
      if (verifySignatures) prepared.signaturesValid ??= await verifySignatures(prepared);
      requireRunning();
      const submission = admission.admit(prepared);
      sealer.kick();
      return submission;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { kind: "refused", txHash: bytesToHex(crypto.sha256(bytes)), result: refusedResult(error) };
    }
  }

  function requireRunning(): void {
    const { refusal } = sealer.health();
    if (refusal) throw refusal;
  }

  async function waitFor(txHash: string, wait: WaitOptions = {}): Promise<ExecutedTx> {
    const pending = pool.get(txHash);
    if (pending) return waitForPending(pending, wait);
    const executed = store.tx(txHash);
    if (!executed) throw errors.UnknownTransaction({ txHash });
    return executed;
  }

  return {
    submit,
    isPending: (txHash) => pool.get(txHash) !== undefined,
    waitFor,
    async submitAndWait(bytes, wait) {
      const { kind, txHash, result } = await submit(bytes);
      if (kind === "refused") return { kind, txHash, result };
      return { kind: "executed", ...(await waitFor(txHash, wait)) };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    block: store.block,
    header: (height) => store.signedHeader(height)?.header,
    commit: store.signedHeader,
    results: store.record,
    tx: store.tx,
    validators: async (height) => (height <= chain.tip.height + 2 ? store.validators(height) : undefined),
    status() {
      const { chainId, height, header, blockId, appHash } = chain.tip;
      return { chainId, height, header, blockHash: blockId.hash, appHash, pool: { txs: pool.txs, bytes: pool.bytes } };
    },
    health: sealer.health,
    failure: sealer.failure,
    stop: sealer.stop,
  };
}

/** Tells those who wait that their transactions are durable, and empties the pool of them. */
function resolveWritten(pool: Mempool, { height, header, txs, record }: SealedBlock): void {
  const time = toMilliseconds(header.time);
  txs.forEach(({ txHash }, index) => {
    for (const waiter of pool.get(txHash)?.waiters ?? []) waiter.resolve({ txHash, height, index, time, result: record.txResults[index]! });
  });
  pool.settle();
}

function rejectAll(pool: Mempool, refusal: Refusal): void {
  for (const pending of [...pool.writing(), ...pool.waiting()]) {
    for (const waiter of pending.waiters) waiter.reject(refusal);
  }
}
