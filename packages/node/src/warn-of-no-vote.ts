import type { Ledger } from "@galen/ledger/app/ledger";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Ed25519Key } from "./keys/ed25519-key.ts";
import type { Logger } from "./logger.ts";
import { isNode } from "./peers/known-nodes.ts";

/**
 * Says at the start that the ledger does not know this node's key. A node may only follow; but one whose key file was lost or exchanged does so too, and
 * its organisation would miss its vote only later.
 */
export function warnOfNoVote(node: {
  readonly ledger: Pick<Ledger, "read">;
  readonly validator: Ed25519Key;
  readonly logger: Pick<Logger, "warn">;
}): void {
  const key = bytesToHex(node.validator.publicKey);
  if (isNode(node.ledger.read(), key)) return;
  node.logger.warn(
    { key },
    "no organisation has entered the key in keys/validator.json: this node follows and serves, and does not vote; if it is to vote, stop it and put its own key file back, or enter this key with galen node register or replace",
  );
}
