import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../crypto/bytes.ts";
import { portableCrypto as crypto } from "../crypto/portable.ts";
import { createMemoryStore } from "./memory.ts";
import { decodeStateProof, encodeStateProof, type StateProof, verifyStateProof } from "./proof.ts";
import { EMPTY_HASH, hashPair, leafHash, stateKeyBytes } from "./state-hash.ts";
import { openStateStore } from "./state-store.ts";
import { bitAt } from "./tree/paths.ts";

const value = (i: number) => Uint8Array.of(i, 7);
const key = (i: number) => `vault/objects/${i}`;

async function stateOf(count: number) {
  const state = await openStateStore({ kv: createMemoryStore(), crypto });
  state.stage(1, new Map(Array.from({ length: count }, (_, i) => [key(i), value(i)])));
  return state;
}

/** A state of 200 keys with a proof of each kind: of a present key, of an empty place, of another leaf in the place. */
async function examples() {
  const state = await stateOf(200);
  const kinds = new Map<string, { key: string; value: Uint8Array | undefined; proof: StateProof }>();
  for (let i = 0; i < 1000; i++) {
    const proof = state.prove(1, key(i));
    kinds.set(proof.end.kind, { key: key(i), value: state.get(key(i)), proof });
  }
  expect([...kinds.keys()].sort((a, b) => (a < b ? -1 : 1))).toEqual(["empty", "neighbour", "present"]);
  return { state, root: state.root, proofs: [...kinds.values()] };
}

const { state, root, proofs } = await examples();

describe.each(proofs.map((example) => [example.proof.end.kind, example] as const))("a proof that ends %s", (_, example) => {
  const encoded = encodeStateProof(example.proof);
  /** The verdict on bytes, as someone sees it who received them. */
  const verdict = (bytes: Uint8Array, claim: Partial<{ root: Uint8Array; key: string; value: Uint8Array | undefined }> = {}) => {
    const proof = decodeStateProof(bytes);
    return proof !== undefined && verifyStateProof({ crypto, root, key: example.key, value: example.value, ...claim, proof });
  };

  test("holds for its own root, key and value, and comes back from its bytes", () => {
    expect(verdict(encoded)).toBe(true);
    expect(decodeStateProof(encoded)).toEqual(example.proof);
  });

  test("fails with any bit turned", () => {
    const accepted: number[] = [];
    for (let bit = 0; bit < 8 * encoded.length; bit++) {
      if (verdict(encoded.map((byte, i) => (i === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte)))) accepted.push(bit);
    }
    expect(accepted).toEqual([]);
  });

  test("fails when cut short or made longer", () => {
    for (let length = 0; length < encoded.length; length++) expect(verdict(encoded.subarray(0, length))).toBe(false);
    for (const extra of [1, 31, 32, 64]) expect(verdict(Uint8Array.of(...encoded, ...new Uint8Array(extra)))).toBe(false);
  });

  test("fails with siblings swapped, doubled, left out or added", () => {
    const { end, siblings } = example.proof;
    const verify = (other: readonly Uint8Array[]) =>
      verifyStateProof({ crypto, root, key: example.key, value: example.value, proof: { end, siblings: other } });
    expect(verify(siblings)).toBe(true);
    siblings.forEach((sibling, i) => {
      const next = siblings[i + 1];
      if (next !== undefined && !equalBytes(next, sibling)) expect(verify(siblings.with(i, next).with(i + 1, sibling))).toBe(false);
      expect(verify(siblings.toSpliced(i, 0, sibling))).toBe(false);
      expect(verify(siblings.toSpliced(i, 1))).toBe(false);
    });
    expect(verify([...siblings, new Uint8Array(32)])).toBe(false);
    expect(verify([...siblings, ...Array.from({ length: 300 }, () => new Uint8Array(32).fill(1))])).toBe(false);
    expect(verify(siblings.map((sibling) => sibling.subarray(1)))).toBe(false);
  });

  test("fails for another key, value or root", () => {
    const others = Array.from({ length: 1000 }, (_, i) => key(i)).filter((other) => other !== example.key);
    for (const other of others) {
      const claimed = state.get(other);
      if (example.proof.end.kind === "present" || claimed !== undefined)
        expect(verdict(encoded, { key: other, value: claimed })).toBe(false);
    }
    for (const other of [undefined, new Uint8Array(), value(1), Uint8Array.of(...value(1), 0)]) {
      if (other?.length !== example.value?.length || other?.[0] !== example.value?.[0])
        expect(verdict(encoded, { value: other })).toBe(false);
    }
    expect(verdict(encoded, { root: new Uint8Array(32) })).toBe(false);
    expect(verdict(encoded, { root: root.subarray(0, 31) })).toBe(false);
    expect(verdict(encoded, { key: "" })).toBe(false);
    expect(verdict(encoded, { key: "not ASCII: ü" })).toBe(false);
  });
});

describe("a proof", () => {
  test("that is any bytes is refused without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const proof = decodeStateProof(bytes);
        if (proof === undefined) return;
        expect(encodeStateProof(proof)).toEqual(bytes);
        expect(verifyStateProof({ crypto, root, key: key(1), value: value(1), proof })).toBe(false);
        expect(verifyStateProof({ crypto, root, key: key(1), value: undefined, proof })).toBe(false);
      }),
    );
  });

  test("of absence holds in the empty state, of presence for its only key", async () => {
    const empty = await stateOf(0);
    expect(encodeStateProof(empty.prove(1, "any"))).toEqual(Uint8Array.of(1, 0, 0));
    expect(verifyStateProof({ crypto, root: empty.root, key: "any", value: undefined, proof: empty.prove(1, "any") })).toBe(true);
    const single = await stateOf(1);
    expect(encodeStateProof(single.prove(1, key(0)))).toEqual(Uint8Array.of(0, 0, 0));
    expect(encodeStateProof(single.prove(1, "any")).length).toBe(3 + 64);
  });

  test("counts a neighbour only where the key itself would stand, whatever the root", () => {
    const path = crypto.sha256(stateKeyBytes("any")!);
    const [valueHash, sibling] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)];
    const verdict = (keyHash: Uint8Array) => {
      const leaf = leafHash(crypto, keyHash, valueHash);
      const isLeft = path[0]! < 0x80;
      const made = isLeft ? hashPair(crypto, leaf, sibling) : hashPair(crypto, sibling, leaf);
      const proof: StateProof = { end: { kind: "neighbour", keyHash, valueHash }, siblings: [sibling] };
      return verifyStateProof({ crypto, root: made, key: "any", value: undefined, proof });
    };
    const turned = (bit: number) => path.map((byte, i) => (i === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte));
    expect([verdict(turned(1)), verdict(turned(0)), verdict(path)]).toEqual([true, false, false]);
  });

  describe("under a root that was made for it", () => {
    const path = crypto.sha256(stateKeyBytes("any")!);
    // Ends in a zero byte, so that it hashes like itself without it.
    const hash = new Uint8Array(32).fill(1, 0, 31);
    const long = Uint8Array.of(...hash, 0);
    const nextTo = (keyHash: Uint8Array, valueHash: Uint8Array) => ({ kind: "neighbour", keyHash, valueHash }) as const;
    const other = path.map((byte, i) => (i === 31 ? 0 : byte));
    const whole = Array.from({ length: 256 }, () => hash);

    const rows: readonly [name: string, isTaken: boolean, proof: StateProof][] = [
      ["a sibling at every bit of the path", true, { end: { kind: "empty" }, siblings: whole }],
      ["a sibling beyond the path", false, { end: { kind: "empty" }, siblings: [...whole, hash] }],
      ["a sibling without its last byte", false, { end: { kind: "empty" }, siblings: [hash.subarray(0, 31)] }],
      ["a sibling with a byte more", false, { end: { kind: "empty" }, siblings: [long, hash] }],
      ["an empty sibling at the end", false, { end: { kind: "empty" }, siblings: [EMPTY_HASH] }],
      ["a neighbour", true, { end: nextTo(other, hash), siblings: [hash] }],
      ["a neighbour's key hash without its last byte", false, { end: nextTo(other.subarray(0, 31), hash), siblings: [hash] }],
      ["a neighbour's value hash without its last byte", false, { end: nextTo(other, hash.subarray(0, 31)), siblings: [hash] }],
      ["a neighbour's value hash with a byte more", false, { end: nextTo(other, long), siblings: [hash] }],
    ];
    test.each(rows)("with %s is taken: %s", (_, isTaken, proof) => {
      const { end, siblings } = proof;
      const fitted = (bytes: Uint8Array) => Uint8Array.from({ length: 32 }, (_, i) => bytes[i] ?? 0);
      const start = end.kind === "neighbour" ? leafHash(crypto, fitted(end.keyHash), fitted(end.valueHash)) : EMPTY_HASH;
      const made = siblings.reduceRight((below, sibling, depth) => {
        const isLeft = depth >= 256 || bitAt(path, 0, depth) === 0;
        return isLeft ? hashPair(crypto, below, fitted(sibling)) : hashPair(crypto, fitted(sibling), below);
      }, start);
      expect(verifyStateProof({ crypto, root: made, key: "any", value: undefined, proof })).toBe(isTaken);
      if (isTaken) expect(decodeStateProof(encodeStateProof(proof))).toEqual(proof);
    });
  });

  test("of an unknown kind is none", () => {
    for (const kind of [3, 255]) expect(decodeStateProof(Uint8Array.of(kind, 0, 0))).toBeUndefined();
  });

  test("shows neither key nor value of a neighbour", () => {
    const neighbour = proofs.find(({ proof }) => proof.end.kind === "neighbour")!;
    const text = String.fromCharCode(...encodeStateProof(neighbour.proof));
    expect(text).not.toContain("vault");
  });

  test("never shows a present key to be absent, nor the other way", () => {
    const everyProof = Array.from({ length: 300 }, (_, i) => state.prove(1, key(i)));
    for (let i = 190; i < 210; i++) {
      const lie = state.get(key(i)) === undefined ? value(i) : undefined;
      expect(everyProof.some((proof) => verifyStateProof({ crypto, root, key: key(i), value: lie, proof }))).toBe(false);
    }
  });
});
