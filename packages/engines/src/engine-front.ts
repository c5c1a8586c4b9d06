import { refusedResult } from "@galen/ledger/app/execute";
import { Refusal } from "@galen/ledger/app/refusal";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import type { ChainStore, ExecutedTx } from "./chain/chain-store.ts";
import type { SealedBlock } from "./chain/sealed-block.ts";
import type { SignedHeader, Tip } from "./chain/tip.ts";
import type { Engine, Submission, WaitOptions } from "./engine.ts";
import { errors } from "./errors.ts";
import type { Mempool } from "./pool/mempool.ts";
import { waitForPending } from "./pool/pending.ts";

export interface FrontOptions {
  readonly store: ChainStore;
  readonly pool: Mempool;
  readonly sha256: Sha256;
  /** The last block that is stored with its commit. */
  readonly tip: () => Tip;
  /** The lowest height whose block is stored, or will be first. */
  readonly earliestHeight: () => number;
  readonly proposerPriorities: Engine["proposerPriorities"];
  /** Brings bytes on their way into a block. Throws Refusal. */
  readonly admit: (bytes: Uint8Array) => Promise<Submission>;
}

/** What callers see of an engine, the same for each: how transactions come in, are waited for and heard of, and what the chain holds. */
export interface EngineFront extends Omit<Engine, "health" | "failure" | "stop"> {
  /** Tells of a block that is durable, and forgets its transactions. */
  publish(block: SealedBlock): void;
  /** Tells all who wait, and who ask to from now on, that it is in vain. */
  abandon(reason: Refusal): void;
}

export function createEngineFront({ store, pool, sha256, tip, earliestHeight, proposerPriorities, admit }: FrontOptions): EngineFront {
  const listeners = new Set<(block: SealedBlock) => void>();
  /** All that follows blocks asks for the one that was just announced. */
  let announced: SealedBlock | undefined;
  /** Why nothing that waits comes into a block any more. */
  let abandoned: Refusal | undefined;

  function atHand(height: number): SealedBlock | undefined {
    return announced?.height === height ? announced : undefined;
  }

  function signedHeader(height: number): SignedHeader | undefined {
    const block = atHand(height);
    return block ? { header: block.header, commit: block.commit } : store.signedHeader(height);
  }

  // Nothing here that a transaction waits in is async: for each of thousands, a function that waits keeps several times the memory of a promise.
  function submit(bytes: Uint8Array): Promise<Submission> {
    return admit(bytes).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      return { kind: "refused", txHash: bytesToHex(sha256(bytes)), result: refusedResult(error) };
    });
  }

  function waitFor(txHash: string, wait: WaitOptions = {}): Promise<ExecutedTx> {
    const pending = pool.get(txHash);
    if (!pending) return findExecuted(txHash);
    return abandoned ? Promise.reject(abandoned) : waitForPending(pending, wait);
  }

  async function findExecuted(txHash: string): Promise<ExecutedTx> {
    const executed = store.tx(txHash);
    if (!executed) throw errors.UnknownTransaction({ txHash });
    return executed;
  }

  return {
    submit,
    isPending: (txHash) => pool.get(txHash) !== undefined,
    waitFor,
    submitAndWait: (bytes, wait) =>
      submit(bytes).then(({ kind, txHash, result }) => {
        if (kind === "refused") return { kind, txHash, result };
        return waitFor(txHash, wait).then((executed) => ({ kind: "executed", ...executed }));
      }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    block: store.block,
    header: (height) => signedHeader(height)?.header,
    commit: signedHeader,
    results: (height) => atHand(height)?.record ?? store.record(height),
    outcomes: store.outcomes,
    tx: store.tx,
    async validators(height) {
      const { height: last, validators, nextValidators } = tip();
      if (height <= last) return store.validators(height);
      return [validators, nextValidators][height - last - 1];
    },
    proposerPriorities,
    status() {
      const { chainId, height, header, blockId, appHash } = tip();
      const waiting = { txs: pool.txs, bytes: pool.bytes };
      return { chainId, height, earliestHeight: earliestHeight(), header, blockHash: blockId.hash, appHash, pool: waiting };
    },
    publish(block) {
      announced = block;
      settle(pool, block);
      // In turns of their own: an exception of a listener is that listener's and ends the process, not the engine's work.
      for (const listener of listeners) queueMicrotask(() => listener(block));
    },
    abandon(reason) {
      abandoned = reason;
      for (const pending of [...pool.writing(), ...pool.waiting()]) {
        for (const waiter of pending.waiters) waiter.reject(reason);
      }
    },
  };
}

/** Tells those who wait that their transactions are durable, and empties the pool of them. */
function settle(pool: Mempool, { height, header, txs, record }: SealedBlock): void {
  const time = toMilliseconds(header.time);
  txs.forEach(({ txHash }, index) => {
    const pending = pool.get(txHash);
    if (!pending) return;
    pool.drop(pending);
    for (const waiter of pending.waiters) waiter.resolve({ txHash, height, index, time, result: record.txResults[index]! });
  });
}
