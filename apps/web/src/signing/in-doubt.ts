import { GalenError } from "@galen/sdk/client/galen-error";

const lost: readonly string[] = ["client/Unreachable", "client/TimedOut"];

/** Whether something was sent, or may have been, without an answer: nobody knows whether it took effect. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof GalenError && lost.includes(error.id);
}
