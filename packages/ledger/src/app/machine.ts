import type { CryptoProvider } from "../crypto/provider.ts";
import type { KeyValueStore, Write } from "../store/kv.ts";
import { createOverlay, type Overlay } from "../store/overlay.ts";
import { openStateStore, type StateStore } from "../store/state-store.ts";
import { type PreparedTransaction, prepareTransaction } from "../tx/prepare.ts";
import { readBlockTime, writeBlockTime } from "./block-record.ts";
import type { BlockScope } from "./execute.ts";
import { chain, type Genesis, genesisHash } from "./genesis.ts";
import { initialiseState } from "./initialise.ts";
import { parameters } from "./parameters.ts";
import { openReplayWindow, type ReplayWindow } from "./replay-window.ts";
import { isAtSuccession } from "./succession.ts";
import { createTransactionCache, type TransactionCache, VERIFIED } from "./transaction-cache.ts";
import { versionAt } from "./upgrades.ts";
import { type CompiledVersion, compileVersion, type LedgerVersion } from "./version.ts";

export interface LedgerOptions {
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  readonly versions: readonly LedgerVersion[];
  /** Needed when the store is empty or holds the predecessor's chain; otherwise compared with the chain it holds. */
  readonly genesis?: Genesis;
  readonly keepVersions?: number;
  readonly cacheBytes?: number;
  readonly onRebuild?: () => void;
}

/** What the ledger's functions work on. Only they change it, one block after the other. */
export interface Machine {
  readonly chainId: string;
  readonly kv: KeyValueStore;
  readonly crypto: CryptoProvider;
  readonly versions: ReadonlyMap<number, CompiledVersion>;
  readonly state: StateStore;
  readonly replay: ReplayWindow;
  readonly cache: TransactionCache;
  /** Of a chain that goes on from another; its first block needs the document. */
  readonly successor: Genesis | undefined;
  /** Time of the last finalized block, milliseconds since 1970. */
  time: number;
  /** Version that executes the next block. */
  version: CompiledVersion;
  /** Writes of finalized blocks that wait for `commit`. */
  staged: Write[];
  durableHeight: number;
}

/** Founds the chain from its genesis document when the store is empty, else resumes at its last durable block. */
export async function openMachine({ kv, crypto, versions, genesis, ...storeOptions }: LedgerOptions): Promise<Machine> {
  const compiled = new Map(versions.map((version) => [version.number, compileVersion(version)]));
  const state = await openStateStore({ kv, crypto, ...storeOptions });
  let staged: Write[] = [];
  if (!chain.has({ state }, "current")) {
    if (!genesis) throw new Error("the store is empty and no genesis document was given");
    if (genesis.predecessor) throw new Error(`the network goes on from ${genesis.predecessor.chainId}; restore the state of its end first`);
    const overlay = initialiseState({ genesis, crypto, state, version: requireVersion(compiled, genesis.version) });
    staged = [...state.stage(0, overlay.changes).writes, writeBlockTime(genesis.genesisTime)];
  }
  const founded = chain.get({ state }, "current")!;
  const isSucceeding = genesis !== undefined && isAtSuccession(genesis, state);
  if (genesis && !isSucceeding && genesisHash(genesis, crypto) !== founded.genesisHash)
    throw new Error(
      `the store holds the chain ${founded.chainId}, founded by another genesis document than the one for ${genesis.chainId}`,
    );

  const time = readBlockTime(kv) ?? genesis?.genesisTime ?? 0;
  const version = requireVersion(compiled, versionAt({ state }, state.height + 1));
  if (isSucceeding && (genesis.version !== version.number || genesis.genesisTime <= time))
    throw new Error(`the network must begin with version ${version.number}, after the last block of ${founded.chainId}`);
  const replay = await openReplayWindow(kv, time);
  const cache = createTransactionCache();
  return {
    chainId: isSucceeding ? genesis.chainId : founded.chainId,
    successor: genesis?.predecessor && genesis,
    kv,
    crypto,
    versions: compiled,
    state,
    replay,
    cache,
    time,
    version,
    staged,
    durableHeight: state.height,
  };
}

/** The rules numbered `number`; throws Error when this program does not have them. */
export function requireVersion(versions: ReadonlyMap<number, CompiledVersion>, number: number): CompiledVersion {
  const version = versions.get(number);
  if (!version)
    throw new Error(`this program has no ledger version ${number}; install the release that brings it before the network reaches it`);
  return version;
}

/** A fresh scope over the last finalized state: of a block, or of a series of dry runs. */
export function openScope(
  machine: Machine,
  block: { readonly height: number; readonly time: number },
): BlockScope & { readonly state: Overlay } {
  const { chainId, crypto, version, replay, state } = machine;
  const { maxTransactionLifetimeMs } = parameters.get({ state }, "current")!;
  return { chainId, crypto, version, replay, maxTransactionLifetimeMs, state: createOverlay(state), executed: new Set(), ...block };
}

/** Decodes a transaction, or finds it among those decoded lately. Throws Refusal. */
export function transactionOf({ cache, version, crypto }: Machine, bytes: Uint8Array): PreparedTransaction {
  const known = cache.get(bytes);
  if (known !== undefined && known !== VERIFIED) return known;
  const prepared = prepareTransaction(bytes, version.codec, crypto);
  if (known === VERIFIED) {
    prepared.signaturesValid = true;
    cache.forget(bytes);
  }
  return cache.add(prepared);
}
