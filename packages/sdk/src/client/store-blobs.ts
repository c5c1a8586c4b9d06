import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { receiptBytes } from "@galen/ledger/tx/storage-receipts";
import { MAX_RECEIPTS, type StorageReceipt } from "@galen/ledger/tx/transaction";
import type { Actor } from "./actor.ts";
import { type Answer, readInteger, readList, readObject, readText } from "./answer.ts";
import type { Client } from "./client.ts";
import { FRAMES_TYPE, writeFrames } from "./frames.ts";
import { clientErrors, galenError } from "./galen-error.ts";
import { requestJson } from "./send-request.ts";
import { chainIdOf } from "./status.ts";

export interface StoreOptions {
  /** Any account of the network. */
  readonly as: Actor;
  /** All blobs of one transaction, in the order in which its messages name them: the receipts cover exactly this list. */
  readonly blobs: readonly Uint8Array[];
}

export interface StoredBlobs {
  /** Hex, in the order of the blobs. */
  readonly addresses: readonly string[];
  /** Statements of as few validators as have more than two thirds of the voting power that all of them are on their disks; they go into the transaction. */
  readonly receipts: readonly StorageReceipt[];
}

interface PoweredReceipt extends StorageReceipt {
  readonly power: number;
}

/**
 * Stores sealed blobs at a node, which hands them to the other validators. Storing them again changes nothing. Rejects with GalenError,
 * client/TooFewNodes among them.
 */
export async function storeBlobs(client: Client, { as: actor, blobs }: StoreOptions): Promise<StoredBlobs> {
  const chainId = await chainIdOf(client);
  const request = {
    method: "POST",
    path: "/v1/blobs",
    as: { actor, chainId },
    body: writeFrames(blobs),
    contentType: FRAMES_TYPE,
  } as const;
  const answer = readObject(await requestJson(client, request), "blobs");
  const addresses = blobs.map((blob) => bytesToHex(blobAddress(blob, client.crypto.sha256)));
  const named = readList(answer.addresses, "addresses");
  if (named.length !== addresses.length || !addresses.every((address, i) => address === named[i])) {
    throw galenError(clientErrors.UnexpectedAnswer({ field: "addresses" }));
  }
  const message = receiptBytes(chainId, addresses, client.crypto.sha256);
  const receipts = readList(answer.receipts, "receipts", MAX_RECEIPTS)
    .map((receipt) => readReceipt(readObject(receipt, "receipt")))
    .filter((receipt) => isSigned(client, receipt, message));
  return { addresses, receipts: enoughOf(receipts, readInteger(answer.totalPower, "totalPower")) };
}

function readReceipt({ publicKey, signature, power }: Answer): PoweredReceipt {
  return { publicKey: readText(publicKey, "publicKey"), signature: readText(signature, "signature"), power: readInteger(power, "power") };
}

/** A forged receipt would make the ledger refuse the transaction with all the good ones in it. */
function isSigned({ crypto }: Client, { publicKey, signature }: PoweredReceipt, message: Uint8Array): boolean {
  const [key, bytes] = [hexToBytes(publicKey), hexToBytes(signature)];
  return key?.length === 32 && bytes?.length === 64 && crypto.verifyEd25519(key, message, bytes);
}

/** The powers are the node's word; the ledger counts again. A transaction has 64 KiB, so no more go in than are needed. */
function enoughOf(receipts: readonly PoweredReceipt[], totalPower: number): StorageReceipt[] {
  const chosen: StorageReceipt[] = [];
  const counted = new Set<string>();
  let heldPower = 0;
  for (const { publicKey, signature, power } of [...receipts].sort((a, b) => b.power - a.power)) {
    if (3 * heldPower > 2 * totalPower) break;
    if (counted.has(publicKey)) continue;
    counted.add(publicKey);
    chosen.push({ publicKey, signature });
    heldPower += power;
  }
  if (3 * heldPower <= 2 * totalPower) throw galenError(clientErrors.TooFewNodes({ heldPower, totalPower, nodes: counted.size }));
  return chosen;
}
