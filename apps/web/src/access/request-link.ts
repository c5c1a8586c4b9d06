import type { CommittedReason } from "@galen/sdk/records/read-emergency";

/** A request with the reason to which its grant id commits. */
export interface RequestLink {
  readonly proposalId: string;
  readonly reason: Pick<CommittedReason, "text" | "nonce">;
}

const PATH = "/wallet/requests";
/** A few sentences; they must fit a code that a phone reads from a screen. */
export const MAX_REASON_LENGTH = 300;

/** The link that carries a reason from the asker's screen to the owner's, past the ledger and every server: it stands behind the hash. */
export function requestLink({ proposalId, reason }: RequestLink, origin: string): string {
  const url = new URL(PATH, origin);
  url.hash = new URLSearchParams({ request: proposalId, nonce: reason.nonce, reason: reason.text }).toString();
  return url.href;
}

/** What such a link says; undefined for another one. Whether the reason is the true one, `fitsReason` tells. */
export function parseRequestLink(hash: string): RequestLink | undefined {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const [proposalId, nonce, text] = [fields.get("request") ?? "", fields.get("nonce") ?? "", fields.get("reason") ?? ""];
  if (!/^[0-9a-f]{64}$/.test(proposalId) || !/^[0-9a-f]{64}$/.test(nonce) || text === "" || text.length > MAX_REASON_LENGTH)
    return undefined;
  return { proposalId, reason: { text, nonce } };
}
