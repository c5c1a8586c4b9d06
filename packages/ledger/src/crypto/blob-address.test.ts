import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOB_CHUNK_SIZE, blobAddress, createBlobHasher } from "./blob-address.ts";
import { portableCrypto } from "./portable.ts";
import { merkleRoot } from "./rfc6962.ts";

const { sha256 } = portableCrypto;
const blob = Uint8Array.from({ length: 3 * BLOB_CHUNK_SIZE + 7 }, (_, at) => at % 251);

describe("blob address", () => {
  it.each([0, 1, BLOB_CHUNK_SIZE - 1, BLOB_CHUNK_SIZE, BLOB_CHUNK_SIZE + 1, 2 * BLOB_CHUNK_SIZE, blob.length])(
    "is the root over chunks for %i bytes",
    (length) => {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < length; at += BLOB_CHUNK_SIZE) chunks.push(blob.slice(at, Math.min(length, at + BLOB_CHUNK_SIZE)));
      expect(blobAddress(blob.subarray(0, length), sha256)).toEqual(merkleRoot(chunks, sha256));
    },
  );

  it("does not depend on how the bytes arrive", () => {
    const cuts = fc.array(fc.nat(blob.length), { maxLength: 6 });
    const check = fc.property(fc.nat(blob.length), cuts, (length, places) => {
      const hasher = createBlobHasher(sha256);
      const ends = [...places.filter((place) => place < length).toSorted((a, b) => a - b), length];
      for (const [at, end] of ends.entries()) hasher.update(blob.subarray(ends[at - 1] ?? 0, end));
      expect(hasher.address()).toEqual(blobAddress(blob.subarray(0, length), sha256));
    });
    fc.assert(check, { numRuns: 60 });
  });

  it("changes with any bit", () => {
    const altered = blob.slice();
    altered[BLOB_CHUNK_SIZE + 5]! ^= 1;
    expect(blobAddress(altered, sha256)).not.toEqual(blobAddress(blob, sha256));
  });
});
