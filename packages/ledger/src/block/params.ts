import { concatBytes } from "../crypto/bytes.ts";
import type { Sha256 } from "../crypto/rfc6962.ts";
import { varintField } from "./protobuf.ts";

/** The consensus parameters that the header commits to. */
export interface BlockParams {
  readonly maxBytes: number;
  /** −1 for no limit. */
  readonly maxGas: number;
}

/** `consensusHash` of a header: SHA-256 of HashedParams (cometbft types/params.go). */
export function consensusHash({ maxBytes, maxGas }: BlockParams, sha256: Sha256): Uint8Array {
  return sha256(concatBytes([varintField(1, maxBytes), varintField(2, maxGas)]));
}
