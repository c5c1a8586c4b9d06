import { defineErrors } from "../app/refusal.ts";

/** Refusals of the transaction itself, in the order in which they are checked. */
export const errors = defineErrors("tx", 1_000, {
  TooLarge: [1, 413, "the transaction is larger than the network allows; send large content as sealed blobs"],
  Malformed: [2, 400, "the bytes are not a canonical transaction; encode it with the SDK or as docs/reference/transactions.md says"],
  UnknownMessage: [3, 400, "the network does not know this kind of message at its present version; compare with /v1/openapi.json"],
  InvalidMessage: [4, 422, "a message does not fit its schema; the path names the field"],
  WrongChain: [5, 409, "the transaction was signed for another network; sign it again with this network's chain id"],
  Expired: [6, 409, "the transaction's time has passed; sign it again with a later expiresAt"],
  ExpiryTooFar: [7, 422, "expiresAt lies further ahead than the network allows; choose an earlier one"],
  Replayed: [8, 409, "this transaction was already executed; it counts once"],
  DuplicateSigner: [9, 422, "an account or key is named twice; name each once"],
  BadSignature: [10, 401, "a signature does not fit the body and its public key; sign the exact bytes of the body"],
  Unauthorised: [11, 401, "the signatures do not carry enough key weight for every signer; add the missing ones"],
  MissingReceipts: [12, 424, "the transaction names sealed blobs without storage receipts; store the blobs first and attach the receipts"],
  ForgedReceipt: [
    13,
    422,
    "a storage receipt does not fit the blobs of this transaction or names no validator; store the blobs again and take the receipts that come back",
  ],
  TooFewReceipts: [14, 424, "storage receipts must come from more than two thirds of the voting power; collect more"],
  InnerBlobs: [
    15,
    422,
    "a message that is kept for later cannot name sealed blobs, as its storage receipts would be stale; send it in a transaction of its own",
  ],
  InnerTooDeep: [16, 422, "a message that was kept for later cannot run further ones; send those in transactions of their own"],
  InnerTooLarge: [
    17,
    422,
    "the transaction would run more kept messages than one may, as often as it votes on them; vote in several transactions",
  ],
  TooMuchWork: [18, 422, "the messages ask for more work than one transaction may; divide them into several transactions"],
});
