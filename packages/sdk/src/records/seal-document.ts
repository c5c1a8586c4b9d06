import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex, requireHexBytes } from "@galen/ledger/crypto/hex";
import type { Relation } from "@galen/ledger/modules/records/schema";
import { type Policy, policyHash, type SealedObject } from "@galen/ledger/modules/vault/index";
import { MAX_BLOB_BYTES } from "@galen/ledger/tx/storage-receipts";
import type { Client } from "../client/client.ts";
import { clientErrors, galenError } from "../client/galen-error.ts";
import { MAX_PLAINTEXT_SIZE, packedSize, paddedSize } from "../seal/content.ts";
import { sealObject } from "../seal/seal-object.ts";
import { encryptedSize } from "../seal/segments.ts";

/** A document in clear, on its way to its owner. */
export interface NewDocument {
  /** Hex, 32 bytes: random, or from `deriveObjectId` so that a repeated import finds it. */
  readonly objectId: string;
  readonly plaintext: Uint8Array;
  /** Account of the owner. */
  readonly owner: string;
  /** The owner's opaque label of the compartment, from `compartmentLabel`. */
  readonly compartment: string;
  /** How it stands to an earlier document of the owner; default: not at all. */
  readonly relation?: Relation;
}

/** A document as it leaves its author. */
export interface SealedDocument {
  /** An item of `records.add`. */
  readonly item: { readonly object: SealedObject; readonly relation: Relation };
  /** Ciphertext, owner capsule, collective capsule: the order in which storage receipts cover them. */
  readonly blobs: readonly Uint8Array[];
}

export interface SealKeys {
  /** The owner's X25519 record key, hex. */
  readonly recordKey: string;
  /** X, the custodians' key, hex. */
  readonly collectiveKey: string;
}

/** Seals a document to its owner and to the custodians. Rejects with GalenError client/TooLarge, also for what would seal small and not open. */
export async function sealDocument(client: Client, document: NewDocument, { recordKey, collectiveKey }: SealKeys): Promise<SealedDocument> {
  const { crypto, random } = client;
  const { objectId, owner, plaintext, compartment, relation = { kind: "none" } } = document;
  if (plaintext.length > MAX_PLAINTEXT_SIZE) throw galenError(clientErrors.TooLarge({ objectId, maxBytes: MAX_PLAINTEXT_SIZE }));
  const policy: Policy = { compartment, release: "grants" };
  const sealed = await sealObject({
    plaintext,
    objectId,
    owner,
    policyHash: policyHash(policy, crypto),
    ownerRecordKey: requireHexBytes(recordKey, 32),
    collectiveKey: requireHexBytes(collectiveKey, 32),
    crypto,
    random,
  });
  const blobs = [sealed.ciphertext, sealed.ownerCapsule, sealed.collectiveCapsule];
  if (sealed.ciphertext.length > MAX_BLOB_BYTES) throw galenError(clientErrors.TooLarge({ objectId, maxBytes: MAX_BLOB_BYTES }));
  const object: SealedObject = {
    objectId,
    owner,
    policy,
    ciphertext: bytesToHex(sealed.address),
    ownerCapsule: addressOf(sealed.ownerCapsule, client),
    collectiveCapsule: addressOf(sealed.collectiveCapsule, client),
    capsulePoint: bytesToHex(sealed.capsulePoint),
    sizeBucketBytes: sealed.sizeBucketBytes,
    capsuleProof: bytesToHex(sealed.capsuleProof),
  };
  return { item: { object, relation }, blobs };
}

/** Whether `sealDocument` takes a plaintext: known before anything is sealed, shown and signed. What may be too large is compressed to find out. */
export async function isSealable(plaintext: Uint8Array): Promise<boolean> {
  if (plaintext.length > MAX_PLAINTEXT_SIZE) return false;
  if (encryptedSize(paddedSize(plaintext.length)) <= MAX_BLOB_BYTES) return true;
  return encryptedSize(await packedSize(plaintext)) <= MAX_BLOB_BYTES;
}

function addressOf(blob: Uint8Array, { crypto }: Client): string {
  return bytesToHex(blobAddress(blob, crypto.sha256));
}
