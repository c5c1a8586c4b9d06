import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@galen/ledger/app/ledger";
import type { Refusal } from "@galen/ledger/app/refusal";
import { maxDataBytes, sizeInBlock } from "@galen/ledger/block/block-size";
import { type Timestamp, toMilliseconds } from "@galen/ledger/block/timestamp";
import type { SealedBlock } from "../chain/sealed-block.ts";
import { awaitsProof } from "../chain/tip.ts";
import { prepareRestart, refusalOf } from "../ending.ts";
import type { EngineHealth } from "../engine.ts";
import { errors } from "../errors.ts";
import type { Admission } from "../pool/admission.ts";
import type { Mempool } from "../pool/mempool.ts";
import type { Chain } from "./chain.ts";
import { createGathering } from "./gathering.ts";
import { createSealingLoop } from "./sealing-loop.ts";
import type { EmbeddedEngineSettings } from "./settings.ts";

/** Decides when the next block is due, and seals it. */
export interface Sealer {
  /** Looks whether a block is due. Returns at once. */
  kick(): void;
  /** Whether block time is no more than `staleTimeMs` behind the clock. */
  isFresh(): boolean;
  /** Resolves when it is; empty blocks bring it up. */
  freshen(): Promise<void>;
  health(): EngineHealth;
  readonly failure: Promise<unknown>;
  /** Seals what is due and no more. */
  stop(): Promise<void>;
}

export interface SealerOptions {
  readonly ledger: Ledger;
  readonly chain: Chain;
  readonly pool: Mempool;
  /** How many transactions are on their way to the pool. */
  readonly arriving: () => number;
  readonly admission: Admission;
  readonly clock: () => Timestamp;
  readonly settings: EmbeddedEngineSettings;
  /** Called for each durable block. */
  readonly publish: (block: SealedBlock) => void;
  /** Called once when sealing has ended for good by an error. */
  readonly abandon: (refusal: Refusal) => void;
}

/** A block's time is the vote of the one before: two bring it up, and a third may be under way with an old one. */
const FRESHENING_BLOCKS = 3;

/** A sealer at work: it begins with the block that the chain owes, if any. */
export function createSealer(options: SealerOptions): Sealer {
  const { ledger, chain, pool, arriving, admission, clock, settings, publish, abandon } = options;
  const loop = createSealingLoop({ isDue, seal, fail });
  const gathering = createGathering(() => pool.waitingTxs, arriving);
  const failure = Promise.withResolvers<unknown>();
  let health: EngineHealth = { state: "running", refusal: undefined };
  let nextBlock = Promise.withResolvers<void>();
  let sealedAt = performance.now();
  let isEmptyDue = chain.tip.height === 0;
  let emptyTimer: NodeJS.Timeout | undefined;

  function isDue(): boolean {
    return pool.waitingTxs > 0 || isEmptyDue;
  }

  function isFresh(): boolean {
    return ledger.time >= toMilliseconds(clock()) - settings.staleTimeMs;
  }

  async function seal(): Promise<void> {
    if (pool.waitingTxs > 0) {
      const pauseMs = sealedAt + settings.blockIntervalMs - performance.now();
      if (pauseMs > 0 && health.state === "running") await sleep(pauseMs);
      await gathering.wait();
    }
    if (!chain.isOurs) throw errors.NotValidator();

    isEmptyDue = false;
    const maxBytes = maxDataBytes(chain.tip.maxBlockBytes, 1);
    giveUpLarger(maxBytes);
    const { durable } = chain.extend(pool.take(maxBytes));
    ledger.resetCheck(chain.next);
    for (const one of pool.waiting()) admission.recheck(one);
    const block = await durable;
    sealedAt = performance.now();
    publish(block);
    releaseWaiting();
    scheduleEmptyBlock();
  }

  /** A block may have lowered the limit: what no block can hold any more would keep all behind it waiting. */
  function giveUpLarger(maxBytes: number): void {
    for (const one of pool.waiting()) {
      const sizeBytes = one.bytes.length;
      if (sizeInBlock(one.bytes) > maxBytes) admission.drop(one, errors.TooLargeForBlock({ sizeBytes, maxBytes }));
    }
  }

  function fail(cause: unknown): void {
    const refusal = refusalOf(cause);
    health = { state: "failed", refusal };
    clearTimeout(emptyTimer);
    abandon(refusal);
    releaseWaiting();
    failure.resolve(cause);
  }

  /** Whoever waits for the next block looks again. */
  function releaseWaiting(): void {
    nextBlock.resolve();
    nextBlock = Promise.withResolvers();
  }

  /** What a block did must soon stand in a header; a block of new transactions serves as well, so those get a moment to come first. */
  function scheduleEmptyBlock(): void {
    clearTimeout(emptyTimer);
    const isProofDue = awaitsProof(chain.tip);
    if (health.state !== "running") {
      isEmptyDue = isProofDue;
      return;
    }
    const delayMs = isProofDue ? settings.proofDelayMs : settings.emptyBlockIntervalMs;
    if (delayMs === Infinity) return;
    emptyTimer = setTimeout(() => {
      isEmptyDue = true;
      loop.kick();
    }, delayMs);
  }

  ledger.resetCheck(chain.next);
  scheduleEmptyBlock();
  loop.kick();
  return {
    kick() {
      gathering.check();
      loop.kick();
    },
    isFresh,
    async freshen() {
      for (let blocks = 0; blocks < FRESHENING_BLOCKS && !isFresh() && health.state === "running"; blocks++) {
        isEmptyDue = true;
        loop.kick();
        await nextBlock.promise;
      }
    },
    health: () => health,
    failure: failure.promise,
    async stop() {
      if (health.state === "running") health = { state: "stopping", refusal: errors.Stopping() };
      scheduleEmptyBlock();
      loop.kick();
      await loop.idle();
      releaseWaiting();
      if (health.state === "stopping") await prepareRestart(ledger).catch(fail);
      if (health.state === "stopping") health = { state: "stopped", refusal: health.refusal };
    },
  };
}
