import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { StorageReceipt } from "@galen/ledger/tx/transaction";
import type { Actor } from "./actor.ts";
import { readList, readObject, readText } from "./answer.ts";
import type { Client } from "./client.ts";
import { FRAMES_TYPE, writeFrames } from "./frames.ts";
import { clientErrors, galenError } from "./galen-error.ts";
import { requestJson } from "./send-request.ts";
import { chainIdOf } from "./status.ts";

/** What a node takes for one blob and in one request. */
export const MAX_BLOB_BYTES = 16_777_216;
export const MAX_STORE_BYTES = 4 * MAX_BLOB_BYTES;

export interface StoreOptions {
  /** Any account of the network. */
  readonly as: Actor;
  /** All blobs of one transaction, in the order in which its messages name them: the receipt covers exactly this list. */
  readonly blobs: readonly Uint8Array[];
}

export interface StoredBlobs {
  /** Hex, in the order of the blobs. */
  readonly addresses: readonly string[];
  /** The node's statement that all of them are on its disk; goes into the transaction. */
  readonly receipt: StorageReceipt;
}

/** Stores sealed blobs at a node. Storing them again changes nothing. Rejects with GalenError. */
export async function storeBlobs(client: Client, { as: actor, blobs }: StoreOptions): Promise<StoredBlobs> {
  const as = { actor, chainId: await chainIdOf(client) };
  const request = { method: "POST", path: "/v1/blobs", as, body: writeFrames(blobs), contentType: FRAMES_TYPE } as const;
  const answer = readObject(await requestJson(client, request), "blobs");
  const addresses = blobs.map((blob) => bytesToHex(blobAddress(blob, client.crypto.sha256)));
  const named = readList(answer.addresses, "addresses");
  if (named.length !== addresses.length || !addresses.every((address, i) => address === named[i])) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "addresses" }));
  }
  const { publicKey, signature } = readObject(answer.receipt, "receipt");
  return { addresses, receipt: { publicKey: readText(publicKey, "publicKey"), signature: readText(signature, "signature") } };
}
