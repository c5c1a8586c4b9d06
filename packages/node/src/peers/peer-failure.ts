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
