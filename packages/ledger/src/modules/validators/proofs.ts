import { encodeUtf8 } from "../../crypto/utf8.ts";

/** The bytes that a consensus key signs to show that whoever registers it for an organisation holds it. */
export function keyProofBytes(chainId: string, organisation: string): Uint8Array {
  return encodeUtf8(`galen/validator-key/1:${chainId}:${organisation}`)!;
}

/** The bytes that a consensus key signs as a sign of life at a height: the node runs, and has come so far. */
export function readyProofBytes(chainId: string, organisation: string, height: number): Uint8Array {
  return encodeUtf8(`galen/validator-ready/1:${chainId}:${organisation}:${height}`)!;
}
