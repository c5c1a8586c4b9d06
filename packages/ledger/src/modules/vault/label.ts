import { concatBytes } from "../../crypto/bytes.ts";
import { capsuleLabel } from "../../crypto/capsule-label.ts";
import { bytesToHex } from "../../crypto/hex.ts";
import type { CryptoProvider } from "../../crypto/provider.ts";
import { encodeUtf8 } from "../../crypto/utf8.ts";
import { codecOf } from "../../schema/codec.ts";
import { Policy, type SealedObject } from "./schema.ts";

const DOMAIN = encodeUtf8("galen/vault-policy/1:")!;
const policyCodec = codecOf(Policy);

/** Hash of a policy, hex: SHA-256("galen/vault-policy/1:" ‖ canonical bytes). Throws SchemaError on what is no policy. */
export function policyHash(policy: Policy, crypto: Pick<CryptoProvider, "sha256">): string {
  return bytesToHex(crypto.sha256(concatBytes([DOMAIN, policyCodec.encode(policy)])));
}

/** The label to which both capsules of an object are bound, 96 bytes: object id ‖ owner ‖ policy hash. */
export function objectLabel(
  object: Pick<SealedObject, "objectId" | "owner" | "policy">,
  crypto: Pick<CryptoProvider, "sha256">,
): Uint8Array {
  return capsuleLabel({ objectId: object.objectId, owner: object.owner, policyHash: policyHash(object.policy, crypto) });
}
