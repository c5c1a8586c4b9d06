import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { type Timestamp, toMilliseconds } from "@galen/ledger/block/timestamp";
import { errors } from "../errors.ts";
import type { Admission } from "./admission.ts";
import { maxDataBytes } from "./block-size.ts";
import type { Chain, SealedBlock } from "./chain.ts";
import { ChainError } from "./chain-error.ts";
import type { EngineHealth } from "./engine.ts";
import type { Mempool } from "./mempool.ts";
import { createSealingLoop } from "./sealing-loop.ts";
import type { EmbeddedEngineSettings } from "./settings.ts";
import { awaitsProof } from "./tip.ts";

/** Decides when the next block is due, and seals it. */
export interface Sealer {
  /** Looks whether a block is due. Returns at once. */
  kick(): void;
  /** Resolves when block time is no more than `staleTimeMs` behind the clock; empty blocks bring it up. Throws Refusal unless running. */
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
  readonly admission: Admission;
  readonly clock: () => Timestamp;
  readonly settings: EmbeddedEngineSettings;
  /** Called for each durable block. */
  readonly publish: (block: SealedBlock) => void;
  /** Called once when sealing has ended for good by an error. */
  readonly abandon: (refusal: Refusal) => void;
}

/** A sealer at work: begins with the block that the chain owes, if any. */
export function createSealer({ ledger, chain, pool, admission, clock, settings, publish, abandon }: SealerOptions): Sealer {
  const loop = createSealingLoop({ isDue, seal, fail });
  const failure = Promise.withResolvers<unknown>();
  let health: EngineHealth = { state: "running", refusal: undefined };
  let nextBlock = Promise.withResolvers<void>();
  let timeWanted = 0; // milliseconds since 1970
  let sealedAt = performance.now();
  let isIdle = false;
  let idleTimer: NodeJS.Timeout | undefined;

  function isDue(): boolean {
    return pool.isWaiting || awaitsProof(chain.tip) || ledger.time < timeWanted || isIdle;
  }

  async function seal(): Promise<void> {
    const pauseMs = sealedAt + settings.blockIntervalMs - performance.now();
    if (pool.isWaiting && pauseMs > 0 && health.state === "running") await sleep(pauseMs);
    if (!chain.isOurs) throw errors.NotValidator();

    isIdle = false;
    const pending = pool.take(maxDataBytes(chain.tip.maxBlockBytes, 1));
    const { durable } = chain.extend(pending.map(({ prepared }) => prepared));
    admission.recheck();
    const block = await durable;
    sealedAt = performance.now();
    publish(block);
    releaseWaiting();
    watchIdleness();
  }

  function fail(cause: unknown): void {
    const refusal = refusalOf(cause);
    health = { state: "failed", refusal };
    clearTimeout(idleTimer);
    abandon(refusal);
    releaseWaiting();
    failure.resolve(cause);
  }

  /** Whoever waits for the next block looks again. */
  function releaseWaiting(): void {
    nextBlock.resolve();
    nextBlock = Promise.withResolvers();
  }

  function watchIdleness(): void {
    clearTimeout(idleTimer);
    if (settings.emptyBlockIntervalMs === Infinity || health.state !== "running") return;
    idleTimer = setTimeout(() => {
      isIdle = true;
      loop.kick();
    }, settings.emptyBlockIntervalMs);
  }

  watchIdleness();
  loop.kick();
  return {
    kick: loop.kick,
    async freshen() {
      const wanted = toMilliseconds(clock()) - settings.staleTimeMs;
      while (ledger.time < wanted) {
        if (health.refusal) throw health.refusal;
        timeWanted = Math.max(timeWanted, wanted);
        loop.kick();
        await nextBlock.promise;
      }
    },
    health: () => health,
    failure: failure.promise,
    async stop() {
      if (health.state === "running") health = { state: "stopping", refusal: errors.Stopping() };
      clearTimeout(idleTimer);
      loop.kick();
      await loop.idle();
      if (health.state === "stopping") health = { state: "stopped", refusal: health.refusal };
    },
  };
}

function refusalOf(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause;
  return cause instanceof ChainError && cause.code === "WriteFailed" ? errors.StorageFailed() : errors.Halted();
}
