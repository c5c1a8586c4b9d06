import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { framedSize, readFrames } from "@galen/sdk/client/frames";
import { PeerFailure } from "../peers/peer-failure.ts";
import type { PeerNode, Peers } from "../peers/peers.ts";

/** Addresses in one request to a peer. */
export const MAX_FETCHED = 64;
/** Blobs in one answer of a peer, together; at least four of the largest. */
export const MAX_FETCH_BYTES = 67_108_864;

const EMPTY = { length: 0 };
const FETCH_TIMEOUT_MS = 30_000;

/**
 * Asks one peer after the other for blobs until all are found, and hands each portion to `keep`. Every blob has its address. Resolves with the addresses
 * that no peer has; a peer that fails or sends something else is left alone, the next one is asked.
 */
export async function fetchBlobs(options: {
  readonly peers: Pick<Peers, "nodes" | "ask">;
  readonly sha256: Sha256;
  readonly addresses: readonly string[];
  readonly keep: (blobs: readonly Uint8Array[]) => Promise<void>;
}): Promise<string[]> {
  const { peers, keep } = options;
  const missing = new Set(options.addresses);
  for (const node of peers.nodes()) {
    const due = new Set(missing);
    while (due.size > 0) {
      const asked = [...due].slice(0, MAX_FETCHED);
      const found = await fetchFrom(node, asked, options);
      if (!found) break;
      if (found.size > 0) await keep([...found.values()]);
      for (const address of found.keys()) missing.delete(address);
      // What did not fit beside others is asked for again; where none came, the peer has none of them.
      for (const address of found.size > 0 ? found.keys() : asked) due.delete(address);
    }
  }
  return [...missing];
}

/** The blobs that a peer gives, by address; undefined when it fails. */
async function fetchFrom(
  node: PeerNode,
  addresses: readonly string[],
  { peers, sha256 }: Pick<Parameters<typeof fetchBlobs>[0], "peers" | "sha256">,
): Promise<Map<string, Uint8Array> | undefined> {
  const body = { type: "application/json", bytes: new TextEncoder().encode(JSON.stringify({ addresses })) };
  const maxBytes = MAX_FETCH_BYTES + framedSize(addresses.map(() => EMPTY));
  const call = { method: "POST", path: "/v1/peers/blobs/fetch", body, maxBytes, timeoutMs: FETCH_TIMEOUT_MS } as const;
  try {
    return await peers.ask(node, "blobs", call, (answer) => requireBlobs(readFrames(answer), addresses, sha256));
  } catch (error) {
    if (error instanceof PeerFailure) return undefined; // counted where it is met
    throw error;
  }
}

/** An empty frame stands for a blob that the peer does not have or that no longer fits its answer. */
function requireBlobs(frames: readonly Uint8Array[] | undefined, addresses: readonly string[], sha256: Sha256) {
  if (frames?.length !== addresses.length) throw new Error("the answer holds another number of blobs");
  const given = frames.map((frame, index) => [addresses[index]!, frame] as const).filter(([, { length }]) => length > 0);
  const isRight = given.every(([address, frame]) => bytesToHex(blobAddress(frame, sha256)) === address);
  if (!isRight) throw new Error("a blob does not have its address");
  return new Map(given);
}
