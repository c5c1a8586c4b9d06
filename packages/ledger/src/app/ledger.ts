import { sizeInBlock } from "../block/block-size.ts";
import type { Write } from "../store/kv.ts";
import type { StateProof } from "../store/proof.ts";
import { exportSnapshot, type SnapshotManifest, type SnapshotSource } from "../store/snapshot.ts";
import type { StateStore } from "../store/state-store.ts";
import { type PreparedTransaction, requireSignatures } from "../tx/prepare.ts";
import { readBlockTime } from "./block-record.ts";
import type { ReadContext } from "./context.ts";
import { beginDryRuns, type ForeseenBlock } from "./dry-runs.ts";
import { readContext, type TxResult } from "./execute.ts";
import { type Block, endBlock, executeBlock, type FinalizedBlock } from "./finalize-block.ts";
import { type LedgerOptions, type Machine, openMachine, transactionOf } from "./machine.ts";
import { runQuery } from "./query.ts";
import { Refusal } from "./refusal.ts";
import { sweepReplayWindow } from "./replay-window.ts";
import { liveRanges } from "./restore-ledger.ts";
import type { CompiledVersion } from "./version.ts";

export type { ForeseenBlock } from "./dry-runs.ts";
export type { Block, FinalizedBlock } from "./finalize-block.ts";

/**
 * The state machine `(state, block) -> (state, results)` behind one interface, shaped after ABCI 2.0. Synchronous except for the disk:
 * an engine calls `finalizeBlock` then `commit`, in order; the next block may be finalized before the last commit has become durable.
 */
export interface Ledger {
  readonly chainId: string;
  /** Height, time and app hash of the last finalized block (height 0: founded, no block yet). */
  readonly height: number;
  readonly time: number;
  readonly appHash: Uint8Array;
  /** Height up to which everything is durable; what queries see. */
  readonly durableHeight: number;
  /** Version that executes the next block. */
  readonly version: CompiledVersion;
  readonly state: StateStore;
  /** Decodes a transaction, or finds it among those decoded lately. Throws Refusal. */
  prepare(bytes: Uint8Array): PreparedTransaction;
  /** Dry run on the last state plus what was admitted since: the same code that will run in the block. */
  checkTx(prepared: PreparedTransaction): TxResult;
  /**
   * Begins a new series of dry runs, as each block does by itself. An engine that makes its blocks alone says what the next one will be: when it
   * then holds just what the dry runs have let pass, in their order and by the same arrays, `finalizeBlock` takes them for its execution.
   */
  resetCheck(next?: ForeseenBlock): void;
  /** Those of `txs`, in order, that make a block which `processProposal` finds well formed, and fit into `maxBytes` as a block holds them. */
  prepareProposal(proposal: { readonly txs: readonly Uint8Array[]; readonly maxBytes: number }): Uint8Array[];
  /** Whether a proposed block is well formed: every transaction decodes, is signed, and stands there once. */
  processProposal(proposal: { readonly txs: readonly Uint8Array[] }): boolean;
  finalizeBlock(block: Block): FinalizedBlock;
  /** The height of the block that executed the body of a transaction, whatever it was signed with; undefined if none did, or it has expired. */
  executedAt(prepared: PreparedTransaction): number | undefined;
  /** Makes the finalized blocks durable, together with the engine's own writes, in one atomic batch. */
  commit(also?: readonly Write[]): Promise<void>;
  /** A context over the durable state. */
  read(): ReadContext;
  /** Asks a module about the durable state. Throws Refusal query/UnknownQuery, query/InvalidParameters, and the module's own. */
  query(name: string, parameters: unknown): { readonly height: number; readonly result: unknown };
  /** Value and proof of a state key at a recent height (default: the durable one). */
  prove(key: string, height?: number): { readonly height: number; readonly value: Uint8Array | undefined; readonly proof: StateProof };
  /** Deletes what no verdict needs any more, beside the state; to be called now and then. Returns how many records went. */
  sweep(): Promise<number>;
  /** Makes the next opening fast: for a clean stop, when no block follows. Writes nothing while a finalized block is not committed. */
  prepareRestart(): Promise<void>;
  /** Writes the durable state and all that belongs to it, chunk by chunk, while blocks go on; `restoreLedger` reads it. */
  snapshot(keep: SnapshotSource["keep"]): Promise<SnapshotManifest>;
}

/** Opens the ledger over a store. Throws Error when store, genesis document and versions do not fit each other. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const machine = await openMachine(options);
  const { chainId, state } = machine;
  let dryRuns = beginDryRuns(machine, undefined);
  return {
    chainId,
    state,
    get height() {
      return state.height;
    },
    get time() {
      return machine.time;
    },
    get appHash() {
      return state.root;
    },
    get durableHeight() {
      return machine.durableHeight;
    },
    get version() {
      return machine.version;
    },
    prepare: (bytes) => transactionOf(machine, bytes),
    checkTx: (prepared) => dryRuns.run(prepared),
    resetCheck(next) {
      dryRuns = beginDryRuns(machine, next);
    },
    prepareProposal: (proposal) => fitting(machine, proposal),
    processProposal: ({ txs }) => isWellFormed(machine, txs),
    finalizeBlock(block) {
      const open = dryRuns.executionOf(block);
      const finalized = open ? endBlock(machine, open) : executeBlock(machine, block);
      // What arrives before the commit must not run on the state before the block, with the time after it.
      dryRuns = beginDryRuns(machine, undefined);
      return finalized;
    },
    executedAt: ({ bodyHash, transaction }) => machine.replay.heightOf({ bodyHash, expiresAt: transaction.body.expiresAt }),
    commit: (also = []) => makeDurable(machine, also),
    read: () => durableContext(machine),
    query(name, parameters) {
      const context = durableContext(machine);
      return { height: context.height, result: runQuery(context, machine.version.queries.get(name), parameters) };
    },
    prove: (key, height = machine.durableHeight) => ({ height, value: state.getAt(height, key), proof: state.prove(height, key) }),
    sweep: () => sweepReplayWindow(machine.kv, durableContext(machine).time),
    async prepareRestart() {
      if (machine.staged.length === 0) await state.keepImage();
    },
    snapshot: (keep) =>
      exportSnapshot({ ...machine, height: machine.durableHeight, ranges: liveRanges(durableContext(machine).time), keep }),
  };
}

function durableContext({ chainId, crypto, durableHeight, kv, state, time }: Machine): ReadContext {
  const reader = { get: (key: string) => state.getAt(durableHeight, key) };
  return readContext({ chainId, height: durableHeight, time: readBlockTime(kv) ?? time, crypto, state: reader });
}

/** Nothing here holds the writes while the disk is at work: those of a full block would outlive several turns of the collector. */
function makeDurable(machine: Machine, also: readonly Write[]): Promise<void> {
  const { height } = machine.state;
  const staged = machine.staged;
  machine.staged = [];
  return machine.kv.write([...staged, ...also]).then(() => {
    machine.state.settled(height);
    machine.replay.settled(height);
    machine.durableHeight = height;
  });
}

function fitting(machine: Machine, { txs, maxBytes }: { readonly txs: readonly Uint8Array[]; readonly maxBytes: number }): Uint8Array[] {
  const bodies = new Set<string>();
  let room = maxBytes;
  return txs.filter((bytes) => {
    const bodyHash = wellFormed(machine, bytes)?.bodyHash;
    if (bodyHash === undefined || bodies.has(bodyHash) || sizeInBlock(bytes) > room) return false;
    bodies.add(bodyHash);
    room -= sizeInBlock(bytes);
    return true;
  });
}

function isWellFormed(machine: Machine, txs: readonly Uint8Array[]): boolean {
  const bodies = new Set<string>();
  return txs.every((bytes) => {
    const bodyHash = wellFormed(machine, bytes)?.bodyHash;
    if (bodyHash === undefined || bodies.has(bodyHash)) return false;
    bodies.add(bodyHash);
    return true;
  });
}

/** The transaction when it decodes and its signatures are right: what is true of it in every state. */
function wellFormed(machine: Machine, bytes: Uint8Array): PreparedTransaction | undefined {
  try {
    const prepared = transactionOf(machine, bytes);
    requireSignatures(prepared, machine.crypto);
    return prepared;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
