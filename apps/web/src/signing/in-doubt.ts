import { GalenError, isNoVerdict } from "@galen/sdk/client/galen-error";

/** Whether something was sent, or may have been, without an answer that judges it: nobody knows whether it took effect. */
export function isInDoubt(error: unknown): boolean {
  return error instanceof GalenError && isNoVerdict(error);
}
