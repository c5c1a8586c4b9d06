import { type Genesis, initialHeight } from "@galen/ledger/app/genesis";
import type { Ledger } from "@galen/ledger/app/ledger";
import { parameters } from "@galen/ledger/app/parameters";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { decodeUtf8, encodeUtf8 } from "@galen/ledger/crypto/utf8";
import type { KeyValueStore, Write } from "@galen/ledger/store/kv";
import { holdsState, stateHeight } from "@galen/ledger/store/state-head";
import type { StateReader } from "@galen/ledger/store/state-store";
import type { ChainStore } from "../chain/chain-store.ts";
import { genesisTip, type Tip } from "../chain/tip.ts";
import { storedTip } from "../chain/verify-chain.ts";
import type { CometRpc } from "./rpc/comet-rpc.ts";
import { type FetchedBlock, fetchValidators } from "./rpc/fetch-block.ts";

/** Where the copy of the chain goes on. */
export interface ChainStart {
  /** Of a chain without a stored block, only chain id and height hold: the block that comes says the rest. */
  readonly tip: Tip;
  /** The lowest height that is stored, perhaps of a predecessor; undefined while none is. */
  readonly earliestHeight: number | undefined;
}

/** The snapshot that a node began from. */
interface Base {
  readonly height: number;
  /** Limit of the block after it, a parameter of the chain. */
  readonly maxBlockBytes: number;
}

const BASE_KEY = encodeUtf8("bs")!;

/** The write that remembers that a node's state was restored, and at which height. */
export function baseWrite(height: number, state: StateReader): Write {
  const base: Base = { height, maxBlockBytes: parameters.get({ state }, "current")!.maxBlockBytes };
  return { key: BASE_KEY, value: encodeUtf8(JSON.stringify(base))! };
}

/**
 * Whether the store holds no state yet, or a snapshot's on which no block was executed. CometBFT may know nothing of that snapshot, or have no block behind it,
 * and does not start over it again; both begin anew, which loses nothing.
 */
export function isBeginning(kv: KeyValueStore): boolean {
  return !holdsState(kv) || readBase(kv)?.height === stateHeight(kv);
}

function readBase(kv: KeyValueStore): Base | undefined {
  const bytes = kv.get(BASE_KEY);
  return bytes && (JSON.parse(decodeUtf8(bytes)!) as Base);
}

interface StartOptions {
  readonly kv: KeyValueStore;
  readonly store: ChainStore;
  readonly ledger: Ledger;
  readonly genesis: Genesis;
  readonly crypto: CryptoProvider;
}

/** Finds the last stored block, or where the first is to follow. */
export async function findChainStart({ kv, store, ledger, genesis, crypto }: StartOptions): Promise<ChainStart> {
  const bounds = await store.bounds();
  const earliestHeight = bounds?.earliest;
  // Below the initial height stand the blocks of a predecessor.
  if (bounds && bounds.latest >= initialHeight(genesis)) return { tip: await storedTip(store, bounds.latest, crypto), earliestHeight };
  const tip = genesisTip(genesis, ledger.appHash, crypto.sha256);
  return { tip: { ...tip, height: readBase(kv)?.height ?? tip.height }, earliestHeight };
}

/**
 * What the first block to be stored follows from. On a whole chain it is the genesis document; behind a snapshot it is what CometBFT verified when it
 * began there: the header's own account of the block before, and the validator sets whose hashes the header holds.
 */
export async function tipBeforeFirst(
  { kv, rpc, genesis, crypto }: Pick<StartOptions, "kv" | "genesis" | "crypto"> & { readonly rpc: CometRpc },
  { block: { header, lastCommit } }: FetchedBlock,
): Promise<Tip> {
  const base = readBase(kv);
  if (!base) return genesisTip(genesis, header.appHash, crypto.sha256);
  const [validators, nextValidators] = await Promise.all([header.height, header.height + 1].map((height) => fetchValidators(rpc, height)));
  return {
    chainId: genesis.chainId,
    height: base.height,
    header: undefined,
    blockId: header.lastBlockId,
    commit: lastCommit,
    nextTime: lastCommit.signatures[0]!.timestamp,
    appHash: header.appHash,
    lastResultsHash: header.lastResultsHash,
    hasResults: false,
    appVersion: header.version.app,
    maxBlockBytes: base.maxBlockBytes,
    lastValidators: [], // nobody knows them here, and nothing of this block needs them
    ...{ validators: validators!, nextValidators: nextValidators! },
  };
}
