import { blobAddress } from "@galen/ledger/crypto/blob-address";
import type { CapsuleOwnership } from "@galen/ledger/crypto/capsule-label";
import { requireHexBytes } from "@galen/ledger/crypto/hex";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import type { KeyPair } from "../keys/account-keys.ts";
import { type RandomSource, webRandom } from "../keys/random.ts";
import { openCollectiveCapsule, sealCollectiveCapsule } from "./collective-capsule.ts";
import { MAX_PLAINTEXT_SIZE, packContent, unpackContent } from "./content.ts";
import { openOwnerCapsule, sealOwnerCapsule } from "./owner-capsule.ts";
import { decryptSegments, encryptSegments } from "./segments.ts";

export interface SealOptions extends CapsuleOwnership {
  readonly plaintext: Uint8Array;
  /** The owner's X25519 record key, 32 bytes. */
  readonly ownerRecordKey: Uint8Array;
  /** X, the custodians' public key on ristretto255, 32 bytes. */
  readonly collectiveKey: Uint8Array;
  readonly crypto: CryptoProvider;
  readonly random?: RandomSource;
}

/** An object as it leaves its author: three blobs, and what the transaction says about them. */
export interface SealedObject {
  readonly ciphertext: Uint8Array;
  /** Address of the ciphertext, 32 bytes: Merkle root over its segments. */
  readonly address: Uint8Array;
  readonly ownerCapsule: Uint8Array;
  readonly collectiveCapsule: Uint8Array;
  /** U of the collective capsule, 32 bytes. */
  readonly capsulePoint: Uint8Array;
  /** Proof of the knowledge of r in U = r·G, bound to the label. */
  readonly capsuleProof: Uint8Array;
  /** Bytes of the padded content: all that outsiders learn of the size. */
  readonly sizeBucketBytes: number;
}

/** Seals an object to its owner and to the custodians, under a fresh data key. */
export async function sealObject({ plaintext, ownerRecordKey, random = webRandom, ...options }: SealOptions): Promise<SealedObject> {
  const dataKey = random(32);
  const content = await packContent(plaintext);
  const [ciphertext, ownerCapsule, collective] = await Promise.all([
    encryptSegments({ dataKey, objectId: requireHexBytes(options.objectId, 32) }, content),
    sealOwnerCapsule(dataKey, ownerRecordKey, options),
    sealCollectiveCapsule({ ...options, dataKey, random }),
  ]);
  return {
    ciphertext,
    address: blobAddress(ciphertext, options.crypto.sha256),
    ownerCapsule,
    collectiveCapsule: collective.capsule,
    capsulePoint: collective.point,
    capsuleProof: collective.proof,
    sizeBucketBytes: content.length,
  };
}

/** Blobs and ledger facts of an object that is to be opened. That the blobs have their addresses is checked where they are fetched. */
export interface OpenOptions extends CapsuleOwnership {
  readonly ciphertext: Uint8Array;
  /** Limit of the plaintext, default `MAX_PLAINTEXT_SIZE`. */
  readonly maxSizeBytes?: number | undefined;
}

/**
 * Opens an object as its owner, without any custodian.
 *
 * @throws SealError, whose codes tell a changed capsule from a changed ciphertext and from content that its author sealed wrongly
 */
export async function openWithOwnerKey(options: OpenOptions & { ownerCapsule: Uint8Array; recordKeys: KeyPair }): Promise<Uint8Array> {
  return openContent(options, await openOwnerCapsule(options.ownerCapsule, options.recordKeys, options));
}

/**
 * Opens an object with what a release gave: `released` is x·U from `createReleaseCombiner`.
 *
 * @throws SealError like `openWithOwnerKey`
 */
export async function openWithRelease(options: OpenOptions & { collectiveCapsule: Uint8Array; released: Uint8Array }): Promise<Uint8Array> {
  return openContent(options, await openCollectiveCapsule(options.collectiveCapsule, options.released, options));
}

/**
 * Makes a new owner capsule from a release, for an owner whose old record key is lost (`vault.rewrap`). The ciphertext stays as it is.
 *
 * @throws SealError `CapsuleMalformed`, `CapsuleRefused`
 */
export async function rewrapForOwner(
  options: CapsuleOwnership & { collectiveCapsule: Uint8Array; released: Uint8Array; ownerRecordKey: Uint8Array },
): Promise<Uint8Array> {
  const dataKey = await openCollectiveCapsule(options.collectiveCapsule, options.released, options);
  return sealOwnerCapsule(dataKey, options.ownerRecordKey, options);
}

async function openContent(
  { ciphertext, objectId, maxSizeBytes = MAX_PLAINTEXT_SIZE }: OpenOptions,
  dataKey: Uint8Array,
): Promise<Uint8Array> {
  const content = await decryptSegments({ dataKey, objectId: requireHexBytes(objectId, 32) }, ciphertext);
  return unpackContent(content, maxSizeBytes);
}
