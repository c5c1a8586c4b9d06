import { Refusal } from "@galen/ledger/app/refusal";
import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { Hash, List } from "@galen/ledger/schema/types";
import { MAX_BLOB_BYTES, receiptBytes } from "@galen/ledger/tx/storage-receipts";
import type { StorageReceipt } from "@galen/ledger/tx/transaction";
import { FRAMES_TYPE, readFrames, writeFrames } from "@galen/sdk/client/frames";
import type { Backend } from "../../backend.ts";
import { MAX_FETCH_BYTES, MAX_FETCHED } from "../../blobs/fetch-blobs.ts";
import { isNamed } from "../../blobs/named-blobs.ts";
import { powerOf } from "../../peers/known-nodes.ts";
import { StoredAnswer } from "../answers.ts";
import { errors } from "../api-error.ts";
import { required } from "../fields.ts";
import { defineRoute } from "../route.ts";

/** All blobs of one transaction; what is larger goes into several transactions. */
const MAX_REQUEST_BYTES = 4 * MAX_BLOB_BYTES;
/** A transaction of 64 KiB cannot name more. */
const MAX_BLOBS = 1_024;

const store = defineRoute({
  method: "POST",
  path: "/v1/blobs",
  summary:
    "Store the sealed blobs of one transaction, in the order in which its messages name them, here and at the other validators, and get their storage receipts.",
  auth: "account",
  body: { type: FRAMES_TYPE, maxBytes: MAX_REQUEST_BYTES },
  answers: { 200: StoredAnswer },
  async handle(backend, { body }) {
    const addresses = requireFrames(body).map((frame) => bytesToHex(blobAddress(frame, backend.crypto.sha256)));
    const [own, others] = await Promise.all([storeHere(backend, body), backend.relay.relay(body, addresses)]);
    const { held, total } = powerOf(backend.ledger.read(), new Set([own.publicKey]));
    const receipts = held === 0 ? others : [{ ...own, power: held }, ...others];
    return { body: { addresses, receipts, totalPower: total } };
  },
});

const storeForPeer = defineRoute({
  method: "POST",
  path: "/v1/peers/blobs",
  summary: "Store blobs that another node relays, and give the receipt of this one alone: what is relayed is not relayed again.",
  auth: "node",
  body: { type: FRAMES_TYPE, maxBytes: MAX_REQUEST_BYTES },
  answers: { 200: "receipt {publicKey, signature}" },
  handle: async (backend, { body }) => ({ body: { receipt: await storeHere(backend, body) } }),
});

const fetchForPeer = defineRoute({
  method: "POST",
  path: "/v1/peers/blobs/fetch",
  summary: "Give another node blobs that the ledger names.",
  auth: "node",
  body: {
    type: "application/json",
    maxBytes: 16_384,
    fields: { addresses: required(List(Hash, { minItems: 1, maxItems: MAX_FETCHED })) },
  },
  answers: {
    200: "frames in the order asked for; an empty one for a blob that this node does not have, or that no longer fits the answer",
  },
  async handle({ blobs, ledger }, { fields: { addresses } }) {
    const frames: Uint8Array[] = [];
    let size = 0;
    for (const address of addresses) {
      const blob = isNamed(ledger.read(), address) ? await ownBlob(blobs, address) : NOTHING;
      const fits = size + blob.length <= MAX_FETCH_BYTES;
      frames.push(fits ? blob : NOTHING);
      if (fits) size += blob.length;
    }
    return { type: FRAMES_TYPE, body: writeFrames(frames) };
  },
});

const NOTHING = new Uint8Array(0);

/** Stores all frames of a body, or none, and states that they are durable. */
async function storeHere({ blobs, ledger, crypto, validator }: Backend, body: Uint8Array): Promise<StorageReceipt> {
  const addresses = await blobs.put(requireFrames(body));
  // Signed last: the receipt states that all of them are on the disk.
  const signature = validator.sign(receiptBytes(ledger.chainId, addresses, crypto.sha256));
  return { publicKey: bytesToHex(validator.publicKey), signature: bytesToHex(signature) };
}

function requireFrames(body: Uint8Array): Uint8Array[] {
  const frames = readFrames(body);
  if (!frames) throw errors.MalformedFrames();
  if (frames.length === 0 || frames.length > MAX_BLOBS) throw errors.MalformedFrames({ frames: frames.length, maxFrames: MAX_BLOBS });
  return frames;
}

/** Only what is here: a node that asked its peers in turn could be asked for the same by them. */
async function ownBlob(blobs: Backend["blobs"], address: string): Promise<Uint8Array> {
  try {
    return await blobs.get(address);
  } catch (error) {
    if (error instanceof Refusal) return NOTHING;
    throw error;
  }
}

export const blobRoutes = [store, storeForPeer, fetchForPeer];
