import { defineErrors } from "@galen/ledger/app/refusal";

/** Refusals of an engine. They say nothing about the ledger's rules and are no part of consensus. */
export const errors = defineErrors("engine", 9_000, {
  Stopping: [1, 503, "the node is shutting down; send the same bytes again when it is back"],
  StorageFailed: [
    2,
    503,
    "the disk could not be written, so the node takes no more; free space, restart it and send the same bytes again: nothing acknowledged is lost, and what waited may have " +
      "been executed",
  ],
  Halted: [
    3,
    503,
    "the node met an error of its own and stopped ordering, its log names the cause; restart it after the repair and send the same bytes again: what waited may have been executed",
  ],
  NotValidator: [
    4,
    503,
    'this node\'s key alone does not make the blocks of its chain; start a node of a network with its own settings (engine "cometbft"), and give a chain of one ' +
      "machine the key back with which it was founded (`keys/validator.json`)",
  ],
  PoolFull: [5, 503, "as many transactions are waiting as the node can hold; send the same bytes again after retryAfterMs"],
  TooLargeForBlock: [6, 413, "the transaction is larger than a block may be; send large content as sealed blobs"],
  Dropped: [7, 409, "the transaction was admitted but no longer passes after the blocks before it; `refusal` names the reason"],
  UnknownTransaction: [8, 404, "no such transaction is waiting or was executed; send its bytes again"],
  NotReady: [10, 503, "the node's CometBFT does not take transactions yet, or does not answer; send the same bytes again in a moment"],
  Behind: [
    11,
    503,
    "the newest block is old: this node is catching up, or too few validators are at work; send the same bytes again, or to another node",
  ],
  CheckFailed: [
    12,
    503,
    "the node met an error of its own when it checked the transaction, and does not take it; its log names the cause; send the bytes to another node",
  ],
  StillPending: [9, 504, "the transaction is still waiting for its block; ask again"],
});
