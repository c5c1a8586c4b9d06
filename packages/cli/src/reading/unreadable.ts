import type { OnUnreadableRecord } from "@galen/gateway/reading/owned-records";
import { calm } from "@galen/sdk/acts/inert";
import { shortId } from "../terminal/answer.ts";
import { type Failure, failureOf } from "../terminal/failure.ts";
import { nameOf } from "../wallet/look-up.ts";
import type { Wallet } from "../wallet/wallet.ts";

/** A document that cannot be read while the others can: whoever filed it sealed something else than it says, or the node lost a blob. */
export interface UnreadableDocument {
  readonly objectId: string;
  readonly author: string;
  readonly authorName: string;
  readonly error: Failure;
}

/** Takes note of the documents that cannot be read. */
export interface UnreadableList {
  readonly documents: readonly UnreadableDocument[];
  readonly note: OnUnreadableRecord;
  /** One line each; none when all could be read. */
  lines(): readonly string[];
}

export function createUnreadableList(wallet: Wallet): UnreadableList {
  const documents: UnreadableDocument[] = [];
  return {
    documents,
    note({ object: { objectId, author }, error }) {
      documents.push({ objectId, author, authorName: nameOf(wallet, author), error: failureOf(error) });
    },
    lines: () =>
      documents.map(
        ({ objectId, authorName, error }) =>
          `cannot be read: ${shortId(objectId)} by ${authorName}: ${calm(`${error.sentence} [${error.id}]`)}`,
      ),
  };
}
