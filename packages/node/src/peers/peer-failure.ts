/** How another node can fail to help. `wrong`: it gave something else than what it should be. */
export type PeerFailureReason = "unreachable" | "slow" | "refused" | "too-large" | "wrong";

/** What one peer did not do; the next one is asked. */
export class PeerFailure extends Error {
  override readonly name = "PeerFailure";
  readonly reason: PeerFailureReason;
  readonly url: string;

  constructor(reason: PeerFailureReason, url: string, options?: { readonly cause?: unknown }) {
    super(`${url}: ${reason}`, options);
    this.reason = reason;
    this.url = url;
  }
}

/** The first cause of an error in words: what the system or TLS said, beneath the "fetch failed" of the client. */
export function deepestReason(error: Error): string {
  if (error.cause instanceof Error) return deepestReason(error.cause);
  // Of several addresses that were tried in vain only the code is told.
  const { code } = error as NodeJS.ErrnoException;
  return error.message === "" ? (code ?? error.name) : error.message;
}
