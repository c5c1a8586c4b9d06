import type { Refusal } from "@galen/ledger/app/refusal";
import { refusalOf } from "../ending.ts";
import type { Engine, EngineHealth } from "../engine.ts";
import { errors } from "../errors.ts";

export interface LifeOptions {
  /** Tells all who wait that it was in vain. */
  readonly abandon: (reason: Refusal) => void;
  /** Resolves when nothing waits any more, or has waited long enough. */
  readonly drained: () => Promise<void>;
  /** Ends all work. May be called twice. */
  readonly close: () => Promise<void>;
}

/** How the engine is, and how it ends: told to, or by itself. */
export interface EngineLife extends Pick<Engine, "health" | "failure" | "stop"> {
  /** Ends it for good; the first cause is the one that counts. */
  fail(cause: unknown): void;
}

export function createEngineLife({ abandon, drained, close }: LifeOptions): EngineLife {
  const failure = Promise.withResolvers<unknown>();
  let health: EngineHealth = { state: "running", refusal: undefined };
  return {
    health: () => health,
    failure: failure.promise,
    fail(cause) {
      if (health.state === "failed" || health.state === "stopped") return;
      const refusal = refusalOf(cause);
      health = { state: "failed", refusal };
      abandon(refusal);
      failure.resolve(cause);
      void close();
    },
    async stop() {
      const refusal = errors.Stopping();
      if (health.state === "running") {
        health = { state: "stopping", refusal };
        await drained();
        abandon(refusal);
      }
      await close();
      if (health.state === "stopping") health = { state: "stopped", refusal };
    },
  };
}
