import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { Block } from "@galen/ledger/block/block";
import { equalBlockIds } from "@galen/ledger/block/block-id";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { ChainError } from "../chain/chain-error.ts";
import { type ChainStore, commitWrite, executedBlockWrites } from "../chain/chain-store.ts";
import type { BlockTx, ExecutedBlock, SealedBlock } from "../chain/sealed-block.ts";
import { advanceTip, type Tip } from "../chain/tip.ts";
import { alteredBlock, verifyNextBlock } from "../chain/verify-block.ts";
import type { ChainStart } from "./chain-start.ts";
import type { CometRpc } from "./rpc/comet-rpc.ts";
import { type FetchedBlock, fetchBlock, fetchBlockOf } from "./rpc/fetch-block.ts";

/** Copies final blocks from CometBFT into the chain store, each verified as a light client would. */
export interface ChainFollower {
  /** The last block that is stored with its commit. */
  readonly tip: Tip;
  /** The lowest height that is stored, or will be first. */
  readonly earliestHeight: number;
  /** Tells that the ledger has committed a block; keeps its transactions and what they gave at hand. */
  committed(height: number, executed: ExecutedBlock): void;
  /** Looks for blocks that the ledger has committed and the store lacks. Returns at once. */
  kick(): void;
  /** Resolves when the store holds all that the ledger has committed, or nothing came for too long. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface FollowerOptions {
  readonly rpc: CometRpc;
  readonly kv: KeyValueStore;
  readonly store: ChainStore;
  readonly ledger: Ledger;
  readonly crypto: CryptoProvider;
  readonly start: ChainStart;
  /** What the first block to be stored follows from. */
  readonly tipBeforeFirst: (first: FetchedBlock) => Promise<Tip>;
  /** Called for each block once it is stored, in order. */
  readonly publish: (block: SealedBlock) => void;
  /** Called once, when what CometBFT holds is not what the ledger executed. */
  readonly fail: (cause: unknown) => void;
  /** Hears, once for a block, why CometBFT has not told of it for a while. It is asked again. */
  readonly report: (error: unknown) => void;
}

/** A block with what it must follow. */
interface NextBlock extends FetchedBlock {
  readonly before: Tip;
}

/**
 * The copy is a block or two behind while the network runs. When CometBFT catches up, blocks come faster than they are copied: what is beyond this is fetched,
 * and its results are read from the store again, so that memory stays bounded.
 */
const MAX_AT_HAND = 8;
const FIRST_RETRY_MS = 10;
const LAST_RETRY_MS = 1_000;
/** Within these a CometBFT that is well answers, also while it writes the block; they take more than a second. */
const TRIES_UNTOLD = 8;
/** How long the last blocks may take to be copied when the node stops. They can be copied at the next start as well. */
const LAST_BLOCKS_MS = 2_000;

export function createFollower(options: FollowerOptions): ChainFollower {
  const { rpc, kv, store, ledger, crypto } = options;
  let { tip, earliestHeight } = options.start;
  const atHand = new Map<number, ExecutedBlock>();
  const stopping = new AbortController();
  let isRunning = false;
  let work: Promise<void> = Promise.resolve();

  const isFirst = () => tip.header === undefined;

  async function followAll(): Promise<void> {
    while (tip.height < ledger.durableHeight && !stopping.signal.aborted) {
      const next = await fetchPatiently(tip.height + 1);
      if (next) await take(next);
    }
  }

  function fetch(height: number): Promise<FetchedBlock> {
    const executed = atHand.get(height);
    if (!executed || isFirst()) return fetchBlock(rpc, height);
    const { sha256 } = crypto;
    return fetchBlockOf(
      { rpc, sha256 },
      height,
      executed.txs.map(({ bytes }) => bytes),
    );
  }

  /** Undefined when told to stop. CometBFT may be starting, or just writing the block. */
  async function fetchPatiently(height: number): Promise<NextBlock | undefined> {
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      try {
        const fetched = await fetch(height);
        return { ...fetched, before: isFirst() ? await options.tipBeforeFirst(fetched) : withFinalCommit(tip, fetched) };
      } catch (error) {
        if (error instanceof SchemaError || error instanceof ChainError) throw error;
        if (tries === TRIES_UNTOLD)
          options.report(new Error(`block ${height} is final, and CometBFT does not tell of it; it is asked again`, { cause: error }));
        await sleep(Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LAST_RETRY_MS), undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
    return undefined;
  }

  async function take({ block, bytes, commit, before }: NextBlock): Promise<void> {
    const { header } = block;
    verifyNextBlock(before, bytes, commit, crypto);
    const { txs, record } = atHand.get(header.height) ?? readExecuted(block);
    const after = advanceTip(before, { header, commit }, record, crypto.sha256);
    const kept = executedBlockWrites({ before, after, bytes, txs, record }, store);
    await kv.write([...(isFirst() ? [] : [commitWrite(before.commit)]), ...kept]);
    atHand.delete(header.height);
    earliestHeight ??= header.height;
    tip = after;
    options.publish({ height: header.height, header, commit, txs, record });
  }

  function readExecuted({ header, data }: Block): ExecutedBlock {
    const record = store.executedRecord(header.height, header.version.app);
    if (!record) throw new ChainError("BlockMissing", `what block ${header.height} did is missing from the store; restore a backup`);
    return { txs: data.txs.map((bytes): BlockTx => ({ bytes, txHash: bytesToHex(crypto.sha256(bytes)) })), record };
  }

  function kick(): void {
    if (isRunning || stopping.signal.aborted || tip.height >= ledger.durableHeight) return;
    isRunning = true;
    work = followAll()
      .catch((cause: unknown) => {
        stopping.abort();
        options.fail(cause);
      })
      .finally(() => {
        isRunning = false;
        kick(); // a block may have come after the last look
      });
  }

  return {
    get tip() {
      return tip;
    },
    get earliestHeight() {
      if (earliestHeight === undefined) return tip.height + 1;
      while (earliestHeight > 1 && store.holds(earliestHeight - 1)) earliestHeight -= 1; // fetched from peers meanwhile
      return earliestHeight;
    },
    committed(height, executed) {
      if (atHand.size < MAX_AT_HAND) atHand.set(height, executed);
      kick();
    },
    kick,
    async caughtUp() {
      for (let waitedMs = 0; tip.height < ledger.durableHeight && waitedMs < LAST_BLOCKS_MS; waitedMs += FIRST_RETRY_MS)
        await sleep(FIRST_RETRY_MS);
    },
    async stop() {
      stopping.abort();
      await work;
    },
  };
}

/** The tip with the commit that the next block names: the votes that the proposer had, on every node the same. */
function withFinalCommit(tip: Tip, { block: { header, lastCommit } }: FetchedBlock): Tip {
  const isOfTip = lastCommit.height === tip.height && equalBlockIds(lastCommit.blockId, tip.blockId);
  if (!isOfTip) throw alteredBlock(header.height);
  return { ...tip, commit: lastCommit, nextTime: lastCommit.signatures[0]!.timestamp };
}
