import type { Ledger } from "@galen/ledger/app/ledger";
import { Refusal } from "@galen/ledger/app/refusal";
import { ChainError } from "./chain/chain-error.ts";
import { errors } from "./errors.ts";

/** What everybody hears who asks an engine that `cause` has ended. */
export function refusalOf(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause;
  return cause instanceof ChainError && cause.code === "WriteFailed" ? errors.StorageFailed() : errors.Halted();
}

/** The last write of a clean stop, see `Ledger.prepareRestart`. Throws ChainError WriteFailed. */
export function prepareRestart(ledger: Pick<Ledger, "prepareRestart">): Promise<void> {
  return ledger.prepareRestart().catch((cause: unknown) => {
    throw new ChainError("WriteFailed", "all blocks are on the disk, but not what makes the next start fast; free space", { cause });
  });
}
