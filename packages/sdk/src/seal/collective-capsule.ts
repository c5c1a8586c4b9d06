import { concatBytes } from "@galen/ledger/crypto/bytes";
import { type CapsuleOwnership, capsuleLabel } from "@galen/ledger/crypto/capsule-label";
import { scalarFromUniform, scalarToBytes } from "@galen/ledger/crypto/group";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { provePossession } from "@galen/ledger/crypto/schnorr-proof";
import { encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { RandomSource } from "../keys/random.ts";
import { decryptAesGcm, encryptAesGcm, GCM_NONCE_SIZE, type GcmParameters, importAesKey } from "./aes-gcm.ts";
import { SealError } from "./seal-error.ts";

/** Version (1 byte) ‖ U (32) ‖ encrypted data key (32) ‖ tag (16). */
export const COLLECTIVE_CAPSULE_SIZE = 81;

const VERSION = 1;
const INFO = encodeUtf8("galen/collective-capsule/1")!;

export interface CollectiveCapsule {
  /** The blob. */
  readonly capsule: Uint8Array;
  /** U = r·G, 32 bytes; goes into the transaction. */
  readonly point: Uint8Array;
  /** Proof that the sealer knows r, bound to the label; goes into the transaction, where the handler checks it. */
  readonly proof: Uint8Array;
}

export interface CollectiveCapsuleOptions extends CapsuleOwnership {
  readonly dataKey: Uint8Array;
  /** X, the custodians' public key on ristretto255, 32 bytes. */
  readonly collectiveKey: Uint8Array;
  readonly random: RandomSource;
  readonly crypto: CryptoProvider;
}

/**
 * Seals a data key to the custodians: a threshold ElGamal KEM in the manner of TDH2 (Shoup, Gennaro, EUROCRYPT 1998). The proof keeps anybody
 * from presenting a copied or shifted U under a label of their own.
 */
export async function sealCollectiveCapsule(options: CollectiveCapsuleOptions): Promise<CollectiveCapsule> {
  const { dataKey, collectiveKey, random, crypto } = options;
  const secret = scalarToBytes(scalarFromUniform(random(64)));
  const point = crypto.ristretto255.multiplyBase(secret);
  const header = Uint8Array.of(VERSION, ...point);
  const key = await wrapKey(crypto.ristretto255.multiply(collectiveKey, secret), point, options);
  const capsule = concatBytes([header, await encryptAesGcm(key, parameters(header), dataKey)]);
  const statement = { points: [point], context: capsuleLabel(options), crypto };
  return { capsule, point, proof: provePossession({ ...statement, secrets: [secret], randomness: random(32) }) };
}

/**
 * The data key, 32 bytes.
 *
 * @param released x·U, from `createReleaseCombiner`
 * @throws SealError `CapsuleMalformed`, `CapsuleRefused`
 */
export async function openCollectiveCapsule(capsule: Uint8Array, released: Uint8Array, ownership: CapsuleOwnership): Promise<Uint8Array> {
  if (capsule.length !== COLLECTIVE_CAPSULE_SIZE || capsule[0] !== VERSION) {
    throw new SealError("CapsuleMalformed", "The collective capsule is none of this version: check that the right blob was fetched.");
  }
  const header = capsule.subarray(0, 33);
  const key = await wrapKey(released, header.subarray(1), ownership);
  const dataKey = await decryptAesGcm(key, parameters(header), capsule.subarray(33));
  if (dataKey === undefined) {
    throw new SealError("CapsuleRefused", "The collective capsule was changed, or belongs to another release, object, owner or policy.");
  }
  return dataKey;
}

/** HKDF-SHA256 of x·U = r·X with salt U and the label; U as salt ties the key to this one encoding of the capsule. */
function wrapKey(shared: Uint8Array, point: Uint8Array, ownership: CapsuleOwnership): Promise<CryptoKey> {
  return importAesKey(hkdf(sha256, shared, point, concatBytes([INFO, capsuleLabel(ownership)]), 32));
}

/** The nonce may be constant: r is fresh for each capsule, so every wrap key encrypts once. */
function parameters(header: Uint8Array): GcmParameters {
  return { nonce: new Uint8Array(GCM_NONCE_SIZE), additionalData: header };
}
