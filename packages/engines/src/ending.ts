import { Refusal } from "@galen/ledger/app/refusal";
import { ChainError } from "./chain/chain-error.ts";
import { errors } from "./errors.ts";

/** What everybody hears who asks an engine that `cause` has ended. */
export function refusalOf(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause;
  return cause instanceof ChainError && cause.code === "WriteFailed" ? errors.StorageFailed() : errors.Halted();
}
