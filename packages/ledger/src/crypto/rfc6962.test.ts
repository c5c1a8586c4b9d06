import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outsideData, outsideFiles } from "../testing/outside-data.ts";
import { portableCrypto } from "./portable.ts";
import {
  consistencyProof,
  createFrontier,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodeHash,
  type Sha256,
  verifyConsistency,
  verifyInclusion,
} from "./rfc6962.ts";

const { sha256 } = portableCrypto;
const vectors = outsideFiles("crypto/merkle-rfc6962");

interface InclusionVector {
  file: string;
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyVector {
  file: string;
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

function accepts(vector: InclusionVector | ConsistencyVector): boolean {
  const proof = (vector.proof ?? []).map(bytes);
  if ("leafIdx" in vector) {
    const claim = { leafHash: bytes(vector.leafHash), index: vector.leafIdx, size: vector.treeSize, proof, root: bytes(vector.root) };
    return verifyInclusion(claim, sha256);
  }
  const roots = { firstRoot: bytes(vector.root1), secondRoot: bytes(vector.root2) };
  return verifyConsistency({ firstSize: vector.size1, secondSize: vector.size2, ...roots, proof }, sha256);
}

describe.skipIf(vectors.length === 0)(`transparency-dev vectors (${vectors.length} files)`, () => {
  const rows = vectors.flatMap((path) =>
    outsideData<(InclusionVector | ConsistencyVector)[]>(path)!.map((vector) => ({ path, ...vector })),
  );
  it.each(rows)("$path $file", (vector) => {
    expect(accepts(vector)).toBe(!vector.wantErr);
  });
});

describe("RFC 6962 trees", () => {
  it("hashes no leaves to SHA-256 of nothing", () => {
    expect(Buffer.from(merkleRoot([], sha256)).toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("has the root that the recursive definition gives", () => {
    const leaves = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 70 });
    fc.assert(
      fc.property(leaves, (list) => {
        expect(merkleRoot(list, sha256)).toEqual(rootByDefinition(list, sha256));
      }),
    );
  });

  it("proves every leaf, and no leaf at another place", () => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, at) => Uint8Array.of(at));
      const root = merkleRoot(leaves, sha256);
      for (let index = 0; index < size; index++) {
        const claim = { leafHash: leafHash(leaves[index]!, sha256), index, size, proof: inclusionProof(leaves, index, sha256), root };
        expect(verifyInclusion(claim, sha256)).toBe(true);
        expect(verifyInclusion({ ...claim, index: (index + 1) % (size + 1) }, sha256)).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...claim.proof, root] }, sha256)).toBe(false);
      }
    }
  });

  it("proves every prefix, and refuses altered sizes and proofs", () => {
    for (let size = 1; size <= 20; size++) {
      const leaves = Array.from({ length: size }, (_, at) => Uint8Array.of(at));
      for (let firstSize = 1; firstSize <= size; firstSize++) {
        const [firstRoot, secondRoot] = [merkleRoot(leaves.slice(0, firstSize), sha256), merkleRoot(leaves, sha256)];
        const claim = { firstSize, firstRoot, secondSize: size, secondRoot, proof: consistencyProof(leaves, firstSize, sha256) };
        expect(verifyConsistency(claim, sha256)).toBe(true);
        expect(verifyConsistency({ ...claim, firstRoot: sha256(firstRoot) }, sha256)).toBe(false);
        expect(verifyConsistency({ ...claim, secondRoot: sha256(secondRoot) }, sha256)).toBe(false);
        expect(verifyConsistency({ ...claim, firstSize: 0 }, sha256)).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...claim.proof, firstRoot] }, sha256)).toBe(false);
      }
    }
  });

  it.each([-1, 3, 0.5, Number.NaN])("refuses to prove index %s or prefix %s + 1 of 3 leaves", (index) => {
    const leaves = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
    expect(() => inclusionProof(leaves, index, sha256)).toThrow(RangeError);
    expect(() => consistencyProof(leaves, index + 1, sha256)).toThrow(RangeError);
  });

  it("tells a frontier's root at every size", () => {
    const frontier = createFrontier(sha256);
    const leaves: Uint8Array[] = [];
    for (let size = 0; size < 40; size++) {
      expect(frontier.root()).toEqual(merkleRoot(leaves, sha256));
      leaves.push(Uint8Array.of(size));
      frontier.append(leafHash(leaves[size]!, sha256));
    }
  });
});

/** RFC 6962 §2.1, word for word. */
function rootByDefinition(leaves: Uint8Array[], hash: Sha256): Uint8Array {
  if (leaves.length === 0) return hash(new Uint8Array());
  if (leaves.length === 1) return leafHash(leaves[0]!, hash);
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return nodeHash(rootByDefinition(leaves.slice(0, split), hash), rootByDefinition(leaves.slice(split), hash), hash);
}
