import { concatBytes } from "./bytes.ts";
import { requireHexBytes } from "./hex.ts";

/** What a sealed object's capsules belong to: object, owner, policy, as hex of 32 bytes each. */
export interface CapsuleOwnership {
  readonly objectId: string;
  /** Account of the owner. */
  readonly owner: string;
  readonly policyHash: string;
}

/**
 * The label of both capsules, 96 bytes: object id ‖ owner account ‖ policy hash. It enters every key and proof of a capsule, so that a capsule
 * moved to another object, owner or policy opens nothing and is refused.
 */
export function capsuleLabel({ objectId, owner, policyHash }: CapsuleOwnership): Uint8Array {
  return concatBytes([objectId, owner, policyHash].map((hex) => requireHexBytes(hex, 32)));
}
