import { scalarFromUniform, scalarToBytes } from "@galen/ledger/crypto/group";
import type { CryptoProvider } from "@galen/ledger/crypto/provider";
import { releaseRequestContext } from "@galen/ledger/crypto/release-statement";
import { provePossession } from "@galen/ledger/crypto/schnorr-proof";
import { type RandomSource, webRandom } from "../keys/random.ts";

/** An object that is asked for. */
export interface RequestedObject {
  /** Hex, 32 bytes. */
  readonly objectId: string;
  /** U of its collective capsule, as the ledger knows it. */
  readonly capsulePoint: Uint8Array;
}

/** What the reader keeps of one object until the shares arrive. */
export interface PendingObject extends RequestedObject {
  /** R = s·G; goes into the request. */
  readonly requestPoint: Uint8Array;
  /** s: whoever has it can use the custodians' answers. Never leaves the reader. */
  readonly secret: Uint8Array;
}

export interface PendingRelease {
  readonly objects: readonly PendingObject[];
  /** Proof of the knowledge of every s, bound to chain, reader and objects; goes into the request. */
  readonly proof: Uint8Array;
}

export interface ReleaseRequestOptions {
  readonly chainId: string;
  /** Account that asks, hex. */
  readonly reader: string;
  readonly objects: readonly RequestedObject[];
  readonly crypto: CryptoProvider;
  readonly random?: RandomSource;
}

/** Prepares a request with a fresh, independent R for each object: the custodians' answers are of use to this reader only. */
export function createReleaseRequest({ chainId, reader, objects, crypto, random = webRandom }: ReleaseRequestOptions): PendingRelease {
  const pending = objects.map((object) => {
    const secret = scalarToBytes(scalarFromUniform(random(64)));
    return { ...object, secret, requestPoint: crypto.ristretto255.multiplyBase(secret) };
  });
  const context = releaseRequestContext(crypto, { chainId, reader, objectIds: objects.map(({ objectId }) => objectId) });
  const points = pending.map(({ requestPoint }) => requestPoint);
  const secrets = pending.map(({ secret }) => secret);
  return { objects: pending, proof: provePossession({ points, secrets, context, randomness: random(32), crypto }) };
}
