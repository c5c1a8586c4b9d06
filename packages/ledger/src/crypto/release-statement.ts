import { scalarToBytes } from "./group.ts";
import { requireHexBytes } from "./hex.ts";
import type { CryptoProvider } from "./provider.ts";
import { transcriptHash } from "./transcript.ts";
import { encodeUtf8 } from "./utf8.ts";

const ONE = scalarToBytes(1n);

/** What the proof of possession in a release request is bound to: who asks for which objects, in the order of the request's points. */
export interface ReleaseRequestStatement {
  readonly chainId: string;
  /** Account that asks, hex. */
  readonly reader: string;
  /** Ids of the objects, hex. */
  readonly objectIds: readonly string[];
}

/** Context of the proof of possession over a request's points R_j, 32 bytes. */
export function releaseRequestContext(crypto: CryptoProvider, { chainId, reader, objectIds }: ReleaseRequestStatement): Uint8Array {
  return transcriptHash(crypto, "galen/release/request", [
    encodeUtf8(chainId)!,
    ...[reader, ...objectIds].map((hex) => requireHexBytes(hex, 32)),
  ]);
}

/** Context of a custodian's proof of equal logarithms over its shares S_ij for one committed request, 32 bytes. */
export function releaseShareContext(
  crypto: CryptoProvider,
  statement: { chainId: string; requestId: string; custodian: number },
): Uint8Array {
  const { chainId, requestId, custodian } = statement;
  return transcriptHash(crypto, "galen/release/share", [encodeUtf8(chainId)!, requireHexBytes(requestId, 32), Uint8Array.of(custodian)]);
}

/**
 * U + R, the point that custodians multiply by their share. Undefined if one of them is no point, or if they cancel: a request that the
 * handler refuses, because nothing could be answered.
 */
export function releaseBase(crypto: CryptoProvider, capsulePoint: Uint8Array, requestPoint: Uint8Array): Uint8Array | undefined {
  // Not `add`: to decode a point is most of the work, and `combine` says by itself when one is none.
  const base = crypto.ristretto255.combine([capsulePoint, requestPoint], [ONE, ONE]);
  return base?.every((byte) => byte === 0) ? undefined : base; // the encoding of the identity
}
