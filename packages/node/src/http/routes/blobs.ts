import { bytesToHex } from "@galen/ledger/crypto/hex";
import { receiptBytes } from "@galen/ledger/tx/storage-receipts";
import { MAX_BLOB_BYTES } from "../../blobs/blob-store.ts";
import { errors } from "../api-error.ts";
import { FRAMES_TYPE, readFrames } from "../frames.ts";
import { defineRoute } from "../route.ts";

/** All blobs of one transaction; what is larger goes into several transactions. */
const MAX_REQUEST_BYTES = 4 * MAX_BLOB_BYTES;
/** A transaction of 64 KiB cannot name more. */
const MAX_BLOBS = 1_024;

const store = defineRoute({
  method: "POST",
  path: "/v1/blobs",
  summary: "Store the sealed blobs of one transaction, in the order in which its messages name them, and get the node's storage receipt.",
  auth: "account",
  body: { type: FRAMES_TYPE, maxBytes: MAX_REQUEST_BYTES },
  answers: { 200: "addresses, receipt {publicKey, signature}" },
  async handle({ blobs, ledger, crypto, validator }, { body }) {
    const frames = readFrames(body);
    if (frames.length === 0 || frames.length > MAX_BLOBS) throw errors.MalformedFrames({ frames: frames.length, maxFrames: MAX_BLOBS });
    const addresses = await blobs.put(frames);
    // Signed last: the receipt states that all of them are on the disk.
    const signature = validator.sign(receiptBytes(ledger.chainId, addresses, crypto.sha256));
    return { body: { addresses, receipt: { publicKey: bytesToHex(validator.publicKey), signature: bytesToHex(signature) } } };
  },
});

export const blobRoutes = [store];
