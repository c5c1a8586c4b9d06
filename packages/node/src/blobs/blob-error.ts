import { defineErrors } from "@galen/ledger/app/refusal";

/** What can go wrong with a blob, in the words of the API. */
export const errors = defineErrors("blobs", 91_000, {
  Empty: [1, 422, "a blob has no bytes; leave it out"],
  TooLarge: [2, 413, "a blob is larger than this node takes; split the document"],
  NotHeld: [3, 404, "neither this node nor another that answers holds the blob; check the address, or ask again when more nodes are there"],
  Corrupt: [
    4,
    500,
    "the stored bytes no longer match their address; no other node that answers has them, so restore the blob from a backup",
  ],
  StorageFull: [5, 507, "the disk has no room for the blobs; nothing was stored, free space and send them again"],
  StorageFailed: [6, 507, "the disk took no more blobs; make room or repair it, then start the node again; what was acknowledged is there"],
  Missing: [
    7,
    424,
    "the transaction names a blob that this node does not hold any more; store its blobs again, then send it with the new receipt",
  ],
  RelayBusy: [8, 503, "more blobs are on their way to the other nodes than this one can hold; send them again after retryAfterMs"],
});
