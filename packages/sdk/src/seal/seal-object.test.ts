import { BLOB_CHUNK_SIZE, blobAddress } from "@galen/ledger/crypto/blob-address";
import { concatBytes } from "@galen/ledger/crypto/bytes";
import { capsuleLabel } from "@galen/ledger/crypto/capsule-label";
import { scalarToBytes } from "@galen/ledger/crypto/group";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { verifyPossession } from "@galen/ledger/crypto/schnorr-proof";
import { describe, expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { webRandom } from "../keys/random.ts";
import { openCollectiveCapsule } from "./collective-capsule.ts";
import { openOwnerCapsule } from "./owner-capsule.ts";
import { openWithOwnerKey, openWithRelease, rewrapForOwner, sealObject } from "./seal-object.ts";
import { decryptSegments } from "./segments.ts";

const recordKeys = accountKeys(new Uint8Array(64), 0).record;
const collectiveSecret = scalarToBytes(424242n);
const collectiveKey = crypto.ristretto255.multiplyBase(collectiveSecret);
const ownership = { objectId: "a1".repeat(32), owner: "b2".repeat(32), policyHash: "c3".repeat(32) };
const plaintext = new TextEncoder().encode("Observation: ".repeat(20));

const seal = (text: Uint8Array) =>
  sealObject({ ...ownership, plaintext: text, ownerRecordKey: recordKeys.publicKey, collectiveKey, crypto });
const sealed = await seal(plaintext);
const released = crypto.ristretto255.multiply(sealed.capsulePoint, collectiveSecret);
const byOwner = { ...ownership, ciphertext: sealed.ciphertext, ownerCapsule: sealed.ownerCapsule, recordKeys };
const byRelease = { ...ownership, ciphertext: sealed.ciphertext, collectiveCapsule: sealed.collectiveCapsule, released };

/** Every variant of the bytes with exactly one bit changed. */
function* bitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    yield changed;
  }
}

describe("a sealed object", () => {
  it("opens for its owner and by release", async () => {
    expect(await openWithOwnerKey(byOwner)).toEqual(plaintext);
    expect(await openWithRelease(byRelease)).toEqual(plaintext);
  });

  it("has the address of its ciphertext and shows its size in buckets only", async () => {
    expect(sealed.address).toEqual(blobAddress(sealed.ciphertext, crypto.sha256));
    expect(sealed.sizeBucketBytes).toBe(1024);
    expect(sealed.ciphertext).toHaveLength(1024 + 16);
  });

  it("carries a proof for its own label", () => {
    const statement = { points: [sealed.capsulePoint], proof: sealed.capsuleProof, crypto };
    expect(verifyPossession({ ...statement, context: capsuleLabel(ownership) })).toBe(true);
    expect(verifyPossession({ ...statement, context: capsuleLabel({ ...ownership, owner: ownership.objectId }) })).toBe(false);
  });

  it("is another one each time", async () => {
    const again = await seal(plaintext);
    for (const part of ["ciphertext", "ownerCapsule", "collectiveCapsule", "capsulePoint"] as const)
      expect(again[part]).not.toEqual(sealed[part]);
  });

  it("can be wrapped for a new owner key after a release", async () => {
    const newKeys = accountKeys(new Uint8Array(64), 7).record;
    const ownerCapsule = await rewrapForOwner({ ...byRelease, ownerRecordKey: newKeys.publicKey });
    expect(await openWithOwnerKey({ ...byOwner, ownerCapsule, recordKeys: newKeys })).toEqual(plaintext);
  });

  const other = "d4".repeat(32);
  it.each([
    ["moved to another object", { objectId: other }],
    ["of another owner", { owner: other }],
    ["under another policy", { policyHash: other }],
    ["for another record key", { recordKeys: accountKeys(new Uint8Array(64), 1).record }],
    ["by another release", { released: collectiveKey }],
  ])("does not open %s", async (_, change) => {
    if (!("released" in change))
      await expect(openWithOwnerKey({ ...byOwner, ...change })).rejects.toMatchObject({ code: "CapsuleRefused" });
    if (!("recordKeys" in change))
      await expect(openWithRelease({ ...byRelease, ...change })).rejects.toMatchObject({ code: "CapsuleRefused" });
  });

  it.each([
    ["empty", new Uint8Array()],
    ["cut short", sealed.ownerCapsule.subarray(0, 80)],
    ["a byte longer", concatBytes([sealed.ownerCapsule, Uint8Array.of(0)])],
    ["of another version", sealed.ownerCapsule.with(0, 2)],
  ])("refuses a capsule that is %s", async (_, capsule) => {
    await expect(openWithOwnerKey({ ...byOwner, ownerCapsule: capsule })).rejects.toMatchObject({ code: "CapsuleMalformed" });
    await expect(openWithRelease({ ...byRelease, collectiveCapsule: capsule })).rejects.toMatchObject({ code: "CapsuleMalformed" });
  });

  it("does not open with any single bit of the ciphertext changed", async () => {
    const key = { dataKey: await openOwnerCapsule(sealed.ownerCapsule, recordKeys, ownership), objectId: hexToBytes(ownership.objectId)! };
    for (const ciphertext of bitFlips(sealed.ciphertext)) {
      await expect(decryptSegments(key, ciphertext)).rejects.toMatchObject({ code: "CiphertextRefused" });
    }
  });

  it("does not open with any single bit of a capsule changed", async () => {
    const refusal = { code: expect.stringMatching(/^Capsule(Malformed|Refused)$/) };
    for (const capsule of bitFlips(sealed.ownerCapsule)) {
      await expect(openOwnerCapsule(capsule, recordKeys, ownership)).rejects.toMatchObject(refusal);
    }
    for (const capsule of bitFlips(sealed.collectiveCapsule)) {
      await expect(openCollectiveCapsule(capsule, released, ownership)).rejects.toMatchObject(refusal);
    }
  });

  it("is refused with any single bit of the capsule's point or proof changed", () => {
    const context = capsuleLabel(ownership);
    for (const point of bitFlips(sealed.capsulePoint)) {
      expect(verifyPossession({ points: [point], proof: sealed.capsuleProof, context, crypto })).toBe(false);
    }
    for (const proof of bitFlips(sealed.capsuleProof)) {
      expect(verifyPossession({ points: [sealed.capsulePoint], proof, context, crypto })).toBe(false);
    }
  });
});

describe("an object of several segments", async () => {
  const large = concatBytes([1, 2, 3].map(() => webRandom(60_000)));
  const { ciphertext, ownerCapsule } = await seal(large);
  const chunk = (index: number) => ciphertext.subarray(index * BLOB_CHUNK_SIZE, (index + 1) * BLOB_CHUNK_SIZE);
  const open = (changed: Uint8Array) => openWithOwnerKey({ ...byOwner, ownerCapsule, ciphertext: changed });

  it("opens", async () => {
    expect(ciphertext.length).toBeGreaterThan(2 * BLOB_CHUNK_SIZE);
    expect(await open(ciphertext)).toEqual(large);
  });

  it.each([
    ["without its end", concatBytes([chunk(0), chunk(1)])],
    ["without its beginning", concatBytes([chunk(1), chunk(2)])],
    ["without its middle", concatBytes([chunk(0), chunk(2)])],
    ["in another order", concatBytes([chunk(1), chunk(0), chunk(2)])],
    ["with a segment twice", concatBytes([chunk(0), chunk(0), chunk(1), chunk(2)])],
    ["with its last segment twice", concatBytes([ciphertext, chunk(2)])],
    ["with a byte less", ciphertext.subarray(0, -1)],
    ["with a byte more", concatBytes([ciphertext, Uint8Array.of(0)])],
    ["with another object's segment", concatBytes([chunk(0), chunk(1), sealed.ciphertext])],
  ])("does not open %s", async (_, changed) => {
    await expect(open(changed)).rejects.toMatchObject({ code: "CiphertextRefused" });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["less than a tag", ciphertext.subarray(0, 16)],
    ["a last segment of a tag only", ciphertext.subarray(0, BLOB_CHUNK_SIZE + 16)],
  ])("has the wrong length with %s", async (_, changed) => {
    await expect(open(changed)).rejects.toMatchObject({ code: "CiphertextMalformed" });
  });

  it("is refused above the reader's limit", async () => {
    const opening = openWithOwnerKey({ ...byOwner, ownerCapsule, ciphertext, maxSizeBytes: 100_000 });
    await expect(opening).rejects.toMatchObject({ code: "ContentTooLarge" });
  });
});
