import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";
import { createOverlay } from "../store/overlay.ts";
import type { StateProof } from "../store/proof.ts";
import { openStateStore, type StateReader, type StateStore } from "../store/state-store.ts";
import { type PreparedTransaction, prepareTransaction, requireSignatures } from "../tx/prepare.ts";
import { readBlockTime, writeBlockTime } from "./block-record.ts";
import type { ReadContext } from "./context.ts";
import type { LedgerEvent } from "./events.ts";
import { type BlockScope, executeTransaction, readContext, refusedResult, type TxResult, writeContext } from "./execute.ts";
import { chain, type Genesis } from "./genesis.ts";
import { initialiseState } from "./initialise.ts";
import { parameters, type Validator, validators } from "./parameters.ts";
import { Refusal } from "./refusal.ts";
import { openReplayWindow } from "./replay-window.ts";
import { createTransactionCache } from "./transaction-cache.ts";
import { completeUpgrade, versionAt } from "./upgrades.ts";
import { type CompiledVersion, compileVersion, type LedgerVersion } from "./version.ts";

/** A block as the engine hands it over: already ordered, not yet judged. */
export interface Block {
  readonly height: number;
  /** Header time in milliseconds since 1970, rounded down. */
  readonly time: number;
  readonly txs: readonly Uint8Array[];
}

/** What a block did. Everything in `txResults[].code/data`, `validatorUpdates`, `appVersion` and `appHash` is part of consensus. */
export interface FinalizedBlock {
  readonly txResults: readonly TxResult[];
  /** Events outside any transaction: what fell due with this block. */
  readonly events: readonly LedgerEvent[];
  /** Changed validators; power 0 removes. */
  readonly validatorUpdates: readonly { readonly publicKey: string; readonly power: number }[];
  /** Version that executes the next block. */
  readonly appVersion: number;
  readonly appHash: Uint8Array;
}

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
  /** Begins a new series of dry runs; called after each block, before the pool's transactions are checked again. */
  resetCheck(): void;
  /** Those of `txs`, in order, that can go into one block of at most `maxBytes`. */
  prepareProposal(proposal: { readonly txs: readonly Uint8Array[]; readonly maxBytes: number }): Uint8Array[];
  /** Whether a proposed block is well formed: every transaction decodes, is signed, and stands there once. */
  processProposal(proposal: { readonly txs: readonly Uint8Array[] }): boolean;
  finalizeBlock(block: Block): FinalizedBlock;
  /** Makes the last finalized block durable, together with the engine's own writes, in one atomic batch. */
  commit(also?: readonly Write[]): Promise<void>;
  /** A context over the durable state. */
  read(): ReadContext;
  /** Value and proof of a state key at a recent height (default: the durable one). */
  prove(key: string, height?: number): { readonly height: number; readonly value: Uint8Array | undefined; readonly proof: StateProof };
}

export interface LedgerOptions {
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  readonly versions: readonly LedgerVersion[];
  /** Needed when the store is empty; otherwise compared with the chain it holds. */
  readonly genesis?: Genesis;
  readonly keepVersions?: number;
  readonly cacheBytes?: number;
}

/** Opens the ledger over a store: founds it from the genesis document when the store is empty, else resumes at its last durable block. */
export async function openLedger({ kv, crypto, versions, genesis, ...storeOptions }: LedgerOptions): Promise<Ledger> {
  const compiled = new Map(versions.map((version) => [version.number, compileVersion(version)]));
  const state = await openStateStore({ kv, crypto, ...storeOptions });
  const replay = openReplayWindow(kv);
  const cache = createTransactionCache();
  let staged: Write[] = [];
  let durableHeight = state.height;
  let time = readBlockTime(kv) ?? 0;

  if (chain.get({ state }, "current") === undefined) {
    if (!genesis) throw new Error("the store is empty and no genesis document was given");
    const overlay = initialiseState({ genesis, crypto, state, version: versionOf(genesis.version) });
    staged = [...state.stage(0, overlay.changes).writes, writeBlockTime(genesis.genesisTime)];
    time = genesis.genesisTime;
    durableHeight = 0;
  }
  const { chainId } = chain.get({ state }, "current")!;
  if (genesis && genesis.chainId !== chainId)
    throw new Error(`the store holds the chain ${chainId}, the genesis document is for ${genesis.chainId}`);

  function versionOf(number: number): CompiledVersion {
    const version = compiled.get(number);
    if (!version)
      throw new Error(`this program has no ledger version ${number}; install the release that brings it before the network reaches it`);
    return version;
  }

  function context(reader: StateReader, height: number, blockTime: number): ReadContext {
    return readContext({ chainId, height, time: blockTime, crypto, state: reader });
  }

  function nextVersion(): CompiledVersion {
    return versionOf(versionAt(context(state, state.height, time), state.height + 1));
  }

  function scope(
    block: { height: number; time: number },
    version: CompiledVersion,
  ): BlockScope & { readonly state: ReturnType<typeof createOverlay> } {
    const { maxTransactionLifetimeMs } = parameters.get({ state }, "current")!;
    return { chainId, crypto, version, replay, maxTransactionLifetimeMs, state: createOverlay(state), executed: new Set(), ...block };
  }

  let version = nextVersion();
  let check = scope({ height: state.height + 1, time }, version);

  function prepare(bytes: Uint8Array): PreparedTransaction {
    return cache.get(bytes) ?? cache.add(prepareTransaction(bytes, version.codec, crypto));
  }

  function deliver(block: BlockScope, bytes: Uint8Array, executed: PreparedTransaction[]): TxResult {
    try {
      const prepared = prepare(bytes);
      const { result, remember } = executeTransaction(block, prepared);
      if (remember) executed.push(prepared);
      return result;
    } catch (error) {
      if (error instanceof Refusal) return refusedResult(error);
      throw error;
    }
  }

  function finalizeBlock(block: Block): FinalizedBlock {
    if (block.height !== state.height + 1) throw new Error(`block ${block.height} does not follow ${state.height}`);
    const run = scope(block, version);
    const before = validators.get(run, "current")!.validators;
    const events: LedgerEvent[] = [];
    const blockContext = writeContext(run, events);
    if (completeUpgrade(blockContext)) version.migrate?.(blockContext);
    for (const module of version.modules) module.onBlock?.(blockContext);

    const executed: PreparedTransaction[] = [];
    const txResults = block.txs.map((bytes) => deliver(run, bytes, executed));
    const bodies = executed.map(({ bodyHash, transaction }) => ({ bodyHash, expiresAt: transaction.body.expiresAt }));
    const replayWrites = replay.stage(blockContext, bodies);

    const after = validators.get(run, "current")!.validators;
    const { root, writes } = state.stage(block.height, run.state.changes);
    staged = [...staged, ...writes, ...replayWrites, writeBlockTime(block.time)];
    time = block.time;
    cache.dropOld();
    const previous = version;
    version = nextVersion();
    if (version !== previous) cache.clear();
    return { txResults, events, validatorUpdates: validatorChanges(before, after), appVersion: version.number, appHash: root };
  }

  function resetCheck(): void {
    check = scope({ height: state.height + 1, time }, version);
  }

  return {
    chainId,
    get height() {
      return state.height;
    },
    get time() {
      return time;
    },
    get appHash() {
      return state.root;
    },
    get durableHeight() {
      return durableHeight;
    },
    get version() {
      return version;
    },
    state,
    prepare,
    checkTx: (prepared) => executeTransaction(check, prepared).result,
    resetCheck,
    prepareProposal({ txs, maxBytes }) {
      let size = 0;
      return txs.filter((bytes) => {
        if (size + bytes.length > maxBytes) return false;
        size += bytes.length;
        return true;
      });
    },
    processProposal({ txs }) {
      try {
        const prepared = txs.map(prepare);
        for (const one of prepared) requireSignatures(one, crypto);
        return new Set(prepared.map((one) => one.bodyHash)).size === prepared.length;
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },
    finalizeBlock,
    async commit(also = []) {
      const height = state.height;
      const batch = [...staged, ...also];
      staged = [];
      await kv.write(batch);
      state.settled(height);
      replay.settled(height);
      durableHeight = height;
    },
    read() {
      const height = durableHeight;
      return context({ get: (key) => state.getAt(height, key) }, height, readBlockTime(kv) ?? time);
    },
    prove(key, height = durableHeight) {
      return { height, value: state.getAt(height, key), proof: state.prove(height, key) };
    },
  };
}

/** Differences between two validator sets, in key order. */
function validatorChanges(before: readonly Validator[], after: readonly Validator[]): { publicKey: string; power: number }[] {
  const powerBefore = new Map(before.map(({ publicKey, power }) => [publicKey, power]));
  const powerAfter = new Map(after.map(({ publicKey, power }) => [publicKey, power]));
  const keys = [...new Set([...powerBefore.keys(), ...powerAfter.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return keys.flatMap((publicKey) => {
    const power = powerAfter.get(publicKey) ?? 0;
    return power === powerBefore.get(publicKey) ? [] : [{ publicKey, power }];
  });
}
