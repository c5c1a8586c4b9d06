import { createFrontier, leafHash, type Sha256 } from "./rfc6962.ts";

/** Bytes of one chunk of a blob: a 64 KiB segment and its 16-byte GCM tag. The last chunk may be shorter. */
export const BLOB_CHUNK_SIZE = 65_552;

/** Computes a blob's address while its bytes pass by. */
export interface BlobHasher {
  /** Takes the next bytes, any number of them. The array may be reused afterwards. */
  update(bytes: Uint8Array): void;
  /** Address of all bytes taken; call once, at the end. */
  address(): Uint8Array;
}

/** A hasher that holds one chunk at most, for blobs that do not fit in memory. */
export function createBlobHasher(sha256: Sha256): BlobHasher {
  const frontier = createFrontier(sha256);
  const chunk = new Uint8Array(BLOB_CHUNK_SIZE);
  let filled = 0;
  const endChunk = () => {
    frontier.append(leafHash(chunk.subarray(0, filled), sha256));
    filled = 0;
  };
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (filled === BLOB_CHUNK_SIZE) endChunk();
        const taken = bytes.subarray(at, at + BLOB_CHUNK_SIZE - filled);
        chunk.set(taken, filled);
        filled += taken.length;
        at += taken.length;
      }
    },
    address() {
      if (filled > 0) endChunk();
      return frontier.root();
    },
  };
}

/** Address of a blob: RFC 6962 root, 32 bytes, over its chunks of `BLOB_CHUNK_SIZE` bytes. */
export function blobAddress(blob: Uint8Array, sha256: Sha256): Uint8Array {
  const frontier = createFrontier(sha256);
  for (let at = 0; at < blob.length; at += BLOB_CHUNK_SIZE) {
    frontier.append(leafHash(blob.subarray(at, at + BLOB_CHUNK_SIZE), sha256));
  }
  return frontier.root();
}
