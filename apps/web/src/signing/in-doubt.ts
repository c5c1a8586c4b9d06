import { GalenError } from "@galen/sdk/client/galen-error";

/** The last two: what a proxy or the node itself says when it breaks down in between. */
const lost: readonly string[] = ["client/Unreachable", "client/TimedOut", "client/UnexpectedAnswer", "api/Internal"];

/** Whether something was sent, or may have been, without an answer: nobody knows whether it took effect. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof GalenError && lost.includes(error.id);
}
