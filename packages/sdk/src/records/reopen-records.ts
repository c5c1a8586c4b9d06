import { MAX_OBJECTS } from "@galen/ledger/modules/vault/schema";
import type { Client } from "../client/client.ts";
import { custodianNodes } from "../client/custodian-nodes.ts";
import { inParallel } from "../client/in-parallel.ts";
import { openOwnerCapsule } from "../seal/owner-capsule.ts";
import { SealError } from "../seal/seal-error.ts";
import type { HeldAccount } from "../transactions/own-account.ts";
import { presentDocuments } from "./owned-documents.ts";
import { type RewrapOptions, rewrapOwn } from "./rewrap-own.ts";
import { fetchParts, knownObjects, ownershipOf } from "./sealed-object.ts";

export interface ReopenOptions extends Pick<RewrapOptions, "custodians" | "onUnreadable"> {
  /** The owner with the keys that the account has now. */
  readonly as: HeldAccount;
  /** Hears how many documents open again, of those that did not. */
  readonly onProgress?: (done: number, total: number) => void;
}

const PARALLEL = 8;

/**
 * After a recovery: makes all own documents open with the account's present record key that do not yet. Broken off, it goes on where it ended when it is called
 * again. Gives the number of documents that it rewrapped. Rejects like `rewrapOwn`.
 */
export async function reopenRecords(client: Client, { as, onProgress, ...options }: ReopenOptions): Promise<number> {
  const shut = await shutDocuments(client, { as, ...options });
  const custodians = options.custodians ?? (await custodianNodes(client));
  onProgress?.(0, shut.length);
  for (let at = 0; at < shut.length; at += MAX_OBJECTS) {
    await rewrapOwn(client, { ...options, as, custodians, objectIds: shut.slice(at, at + MAX_OBJECTS) });
    onProgress?.(Math.min(at + MAX_OBJECTS, shut.length), shut.length);
  }
  return shut.length;
}

/** Own documents whose owner capsule is sealed to another key than the present one. */
async function shutDocuments(client: Client, { as, onUnreadable }: Pick<ReopenOptions, "as" | "onUnreadable">): Promise<readonly string[]> {
  const listed = await presentDocuments(client, as.account);
  const known = await knownObjects(
    client,
    listed.map(({ objectId }) => objectId),
  );
  const fetched = await fetchParts(client, { as, known, parts: ["ownerCapsule"], onUnreadable });
  const shut = await inParallel(fetched, PARALLEL, async ({ object, blobs }) => {
    const isOpen = await opens(blobs.ownerCapsule, as, ownershipOf(client, object));
    return isOpen ? undefined : object.objectId;
  });
  return shut.filter((objectId) => objectId !== undefined);
}

async function opens(capsule: Uint8Array, { keys }: HeldAccount, ownership: Parameters<typeof openOwnerCapsule>[2]): Promise<boolean> {
  try {
    await openOwnerCapsule(capsule, keys.record, ownership);
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}
