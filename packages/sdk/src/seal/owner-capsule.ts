import { concatBytes } from "@galen/ledger/crypto/bytes";
import { type CapsuleOwnership, capsuleLabel } from "@galen/ledger/crypto/capsule-label";
import type { KeyPair } from "../keys/account-keys.ts";
import { HPKE_ENCAPSULATED_SIZE, type HpkeBinding, hpkeOpen, hpkeSeal } from "./hpke.ts";
import { SealError } from "./seal-error.ts";

/** Version (1 byte) ‖ HPKE encapsulated secret (32) ‖ encrypted data key (32) ‖ tag (16). */
export const OWNER_CAPSULE_SIZE = 1 + HPKE_ENCAPSULATED_SIZE + 48;

const VERSION = Uint8Array.of(1);

/** Seals an object's data key to its owner's record key (X25519, 32 bytes). */
export async function sealOwnerCapsule(dataKey: Uint8Array, ownerRecordKey: Uint8Array, ownership: CapsuleOwnership): Promise<Uint8Array> {
  return concatBytes([VERSION, await hpkeSeal(ownerRecordKey, dataKey, binding(ownership))]);
}

/**
 * The data key, 32 bytes.
 *
 * @throws SealError `CapsuleMalformed`, `CapsuleRefused`
 */
export async function openOwnerCapsule(capsule: Uint8Array, recordKeys: KeyPair, ownership: CapsuleOwnership): Promise<Uint8Array> {
  if (capsule.length !== OWNER_CAPSULE_SIZE || capsule[0] !== VERSION[0]) {
    throw new SealError("CapsuleMalformed", "The owner capsule is none of this version: check that the right blob was fetched.");
  }
  const dataKey = await hpkeOpen(recordKeys, capsule.subarray(1), binding(ownership));
  if (dataKey === undefined) {
    throw new SealError("CapsuleRefused", "The owner capsule was changed, or belongs to another key, object, owner or policy.");
  }
  return dataKey;
}

function binding(ownership: CapsuleOwnership): HpkeBinding {
  return { info: capsuleLabel(ownership), additionalData: VERSION };
}
