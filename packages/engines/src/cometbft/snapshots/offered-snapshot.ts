import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import type { Sha256 } from "@galen/ledger/crypto/rfc6962";
import { decodeUtf8, encodeUtf8 } from "@galen/ledger/crypto/utf8";
import { SNAPSHOT_FORMAT, type SnapshotManifest } from "@galen/ledger/store/snapshot";
import type { Snapshot } from "../abci/messages.ts";

/** What a snapshot's metadata says: the manifest without what the offer says itself. It must stay below CometBFT's 4 MB. */
const MAX_CHUNKS = 50_000;

/** A snapshot as it is offered to other nodes. Its hash is over the manifest, so the same state is the same snapshot everywhere. */
export function offerOf(manifest: SnapshotManifest, sha256: Sha256): Snapshot {
  const { format, height, keyCount, root, chunks } = manifest;
  const metadata = encodeUtf8(JSON.stringify({ keyCount, root, chunks }))!;
  return { height, format, chunks: chunks.length, hash: sha256(metadata), metadata };
}

/** The manifest in an offer, undefined when it is not well formed or contradicts itself. */
export function manifestOf({ height, format, chunks: count, hash, metadata }: Snapshot, sha256: Sha256): SnapshotManifest | undefined {
  if (format !== SNAPSHOT_FORMAT || bytesToHex(sha256(metadata)) !== bytesToHex(hash)) return undefined;
  const { keyCount, root, chunks } = parse(metadata);
  const isWhole = Array.isArray(chunks) && chunks.length === count && count > 0 && count <= MAX_CHUNKS && chunks.every(isHash);
  if (!isWhole || !isHash(root) || !Number.isSafeInteger(keyCount) || height < 1) return undefined;
  return { format: SNAPSHOT_FORMAT, height, keyCount: keyCount as number, root, chunks };
}

function parse(metadata: Uint8Array): { readonly keyCount?: unknown; readonly root?: unknown; readonly chunks?: unknown } {
  try {
    return (JSON.parse(decodeUtf8(metadata) ?? "null") ?? {}) as object;
  } catch {
    return {}; // refused below like any other that is not well formed
  }
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && hexToBytes(value)?.length === 32;
}
