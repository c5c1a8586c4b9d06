import { setTimeout as sleep } from "node:timers/promises";
import { ChainError } from "@galen/engines/chain/chain-error";
import { type ChainStore, pastBlockWrites } from "@galen/engines/chain/chain-store";
import { type KnownBlock, verifyEnd, verifyPastBlock } from "@galen/engines/chain/verify-past-block";
import type { Engine } from "@galen/engines/engine";
import type { Genesis } from "@galen/ledger/app/genesis";
import { Commit } from "@galen/ledger/block/commit";
import { Header } from "@galen/ledger/block/header";
import { equalBytes } from "@galen/ledger/crypto/bytes";
import { SchemaError } from "@galen/ledger/schema/schema-error";
import type { KeyValueStore } from "@galen/ledger/store/kv";
import { StoreError } from "@galen/ledger/store/store-error";
import type { Logger } from "../logger.ts";
import type { Peers } from "../peers/peers.ts";
import { fetchHistory, type HistorySource } from "./fetch-history.ts";

/** What the healer has found of the chain's past since the node started. */
export interface HistoryHealing {
  /** `missing`: no peer that answers gives what is missing; it is asked for again. */
  readonly state: "checking" | "complete" | "missing";
  /** Lowest height down to which everything is there, as this round has checked it. */
  readonly checkedFrom: number | undefined;
  /** Blocks fetched from peers, and between which heights they lie. */
  readonly repaired: number;
  readonly repairedFrom: number | undefined;
  readonly repairedTo: number | undefined;
}

/** Keeps the chain's past whole: blocks, commits, validators and results, from the first height on. */
export interface HistoryHealer {
  status(): HistoryHealing;
  /** Calls after each portion that was fetched. Returns the way to stop listening. */
  onRepair(listener: () => void): () => void;
  /** Resolves when the round under way is over. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface HistoryHealerOptions extends Omit<HistorySource, "store" | "peers"> {
  readonly engine: Pick<Engine, "status" | "block">;
  readonly genesis: Pick<Genesis, "predecessor">;
  readonly store: ChainStore;
  /** The store of the ledger, which holds the chain too. */
  readonly kv: Pick<KeyValueStore, "write">;
  readonly peers: Pick<Peers, "met" | "nodes" | "ask">;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly report: (error: unknown) => void;
}

/** A round checks every block: once a week finds damage while others still have what it takes. */
const ROUND_MS = 604_800_000;
const RETRY_MS = 30_000;
/** A node that joins has no block yet. */
const FIRST_BLOCK_MS = 2_000;
/** Between two blocks, so that a round takes no more than the time that is left. */
const PAUSE_MS = 1;

/** Starts healing: a round from the newest block down. What was fetched stays, so a round that was broken off costs only its checks. */
export function startHistoryHealer(options: HistoryHealerOptions): HistoryHealer {
  const { engine, genesis, store, crypto, kv, peers, logger, report } = options;
  const listeners = new Set<() => void>();
  let healing: HistoryHealing = { state: "checking", checkedFrom: undefined, repaired: 0, repairedFrom: undefined, repairedTo: undefined };
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  /** The block before `next` as it lies here; undefined when it is missing or damaged. */
  async function storedBefore(next: KnownBlock): Promise<KnownBlock | undefined> {
    const height = next.block.header.height - 1;
    try {
      const [bytes, recordBytes, validators] = [store.blockBytes(height), store.recordBytes(height), await store.validators(height)];
      const signed = store.signedHeader(height);
      if (!bytes || !recordBytes || !validators || !signed) return undefined;
      // No block says which one ended the chain before: there the commit of that end, and the genesis document, say so.
      if (height === genesis.predecessor?.height)
        return verifyEnd(genesis.predecessor, signed.commit, { bytes, recordBytes, validators }, { store, crypto });
      const isFinal = equalBytes(Commit.encode(signed.commit), Commit.encode(next.block.lastCommit));
      if (!isFinal) return undefined;
      const past = verifyPastBlock(next, { bytes, recordBytes, validators }, { store, crypto });
      return equalBytes(Header.encode(past.header), Header.encode(signed.header)) ? past : undefined;
    } catch (error) {
      if (error instanceof ChainError || error instanceof SchemaError || error instanceof StoreError) return undefined;
      throw error;
    }
  }

  /** Fetches a portion before `next` and gives its lowest block; undefined when nobody has it. */
  async function repairBefore(next: KnownBlock): Promise<KnownBlock | undefined> {
    await peers.met();
    const blocks = await fetchHistory(options, next);
    if (!blocks) return undefined;
    await kv.write(pastBlockWrites(blocks, store));
    const [from, to] = [blocks.at(-1)!.header.height, blocks[0]!.header.height];
    healing = {
      ...healing,
      repaired: healing.repaired + blocks.length,
      repairedFrom: Math.min(from, healing.repairedFrom ?? from),
      repairedTo: Math.max(to, healing.repairedTo ?? to),
    };
    logger.info({ from, to }, "repaired blocks from other nodes");
    for (const listener of listeners) listener();
    return blocks.at(-1)!;
  }

  async function round(): Promise<void> {
    const { height } = engine.status();
    const validators = await store.validators(height);
    const block = engine.block(height);
    if (height === 0 || !block || !validators) return schedule(FIRST_BLOCK_MS);
    healing = { ...healing, state: "checking", checkedFrom: height };
    let next: KnownBlock = { block, validators };
    while (next.block.header.height > 1) {
      if (isStopped) return;
      const before = (await storedBefore(next)) ?? (await repairBefore(next));
      if (!before) return giveUp(next.block.header.height - 1);
      next = before;
      healing = { ...healing, checkedFrom: next.block.header.height };
      await sleep(PAUSE_MS);
    }
    healing = { ...healing, state: "complete" };
    schedule(ROUND_MS);
  }

  function giveUp(height: number): void {
    if (healing.state !== "missing")
      logger.warn(
        { height },
        "no nodes that answer give a block that is missing or damaged here; to a node that is not registered none does",
      );
    healing = { ...healing, state: "missing" };
    schedule(RETRY_MS);
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(begin, delayMs);
  }

  function begin(): void {
    work = work.then(round).catch((error: unknown) => {
      report(error);
      schedule(RETRY_MS);
    });
  }

  begin();
  return {
    status: () => healing,
    onRepair(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: () => work,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}
