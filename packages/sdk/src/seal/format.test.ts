import { concatBytes } from "@galen/ledger/crypto/bytes";
import { capsuleLabel } from "@galen/ledger/crypto/capsule-label";
import { scalarToBytes } from "@galen/ledger/crypto/group";
import { hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { gcm } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { webRandom } from "../keys/random.ts";
import { sealCollectiveCapsule } from "./collective-capsule.ts";
import { MAX_PLAINTEXT_SIZE } from "./content.ts";
import { hpkeOpen } from "./hpke.ts";
import { sealOwnerCapsule } from "./owner-capsule.ts";
import { openWithOwnerKey } from "./seal-object.ts";
import { encryptedSize, encryptSegments } from "./segments.ts";

// The formats opened by hand, as their comments say: what was sealed once must open with every later program, and with others'.
const ownership = { objectId: "a1".repeat(32), owner: "b2".repeat(32), policyHash: "c3".repeat(32) };
const objectId = hexToBytes(ownership.objectId)!;
const label = capsuleLabel(ownership);
const dataKey = webRandom(32);
const recordKeys = accountKeys(new Uint8Array(64), 0).record;

it("a collective capsule is AES-256-GCM under HKDF of x·U with the salt U, and carries its version and U for all to see", async () => {
  const secret = scalarToBytes(424242n);
  const collectiveKey = crypto.ristretto255.multiplyBase(secret);
  const { capsule, point } = await sealCollectiveCapsule({ ...ownership, dataKey, collectiveKey, random: webRandom, crypto });
  const header = concatBytes([Uint8Array.of(1), point]);
  expect(capsule.slice(0, 33)).toEqual(header);
  const info = concatBytes([new TextEncoder().encode("galen/collective-capsule/1"), label]);
  const key = hkdf(sha256, crypto.ristretto255.multiply(point, secret), point, info, 32);
  expect(gcm(key, new Uint8Array(12), header).decrypt(capsule.slice(33))).toEqual(dataKey);
});

it("an owner capsule is HPKE for the label, its version as additional data", async () => {
  const capsule = await sealOwnerCapsule(dataKey, recordKeys.publicKey, ownership);
  expect(capsule[0]).toBe(1);
  expect(await hpkeOpen(recordKeys, capsule.slice(1), { info: label, additionalData: Uint8Array.of(1) })).toEqual(dataKey);
});

it("segments are AES-256-GCM of 65,536 bytes each, their nonces and additional data tell their places", async () => {
  const content = concatBytes([1, 2, 3].map(() => webRandom(65_536)));
  const ciphertext = await encryptSegments({ dataKey, objectId }, content);
  expect(ciphertext).toHaveLength(encryptedSize(content.length));
  for (const index of [0, 1, 2]) {
    const place = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, index);
    const additionalData = concatBytes([objectId, place, Uint8Array.of(index === 2 ? 1 : 0)]);
    const segment = ciphertext.slice(index * 65_552, (index + 1) * 65_552);
    const opened = gcm(dataKey, concatBytes([new Uint8Array(4), place]), additionalData).decrypt(segment);
    expect(Buffer.from(opened).equals(content.subarray(index * 65_536, (index + 1) * 65_536))).toBe(true);
  }
});

it.each([1, 65_535, 65_536, 65_537, 131_072])("the encrypted size of %i bytes is known before", async (size) => {
  expect(await encryptSegments({ dataKey, objectId }, new Uint8Array(size))).toHaveLength(encryptedSize(size));
});

it("an object of more than 256 MiB is refused, unless its reader says otherwise", async () => {
  const content = new Uint8Array(1024);
  const header = new DataView(content.buffer);
  header.setUint8(0, 1);
  header.setBigUint64(1, 3n);
  header.setBigUint64(9, BigInt(MAX_PLAINTEXT_SIZE + 1));
  const ciphertext = await encryptSegments({ dataKey, objectId }, content);
  const ownerCapsule = await sealOwnerCapsule(dataKey, recordKeys.publicKey, ownership);
  const opening = { ...ownership, ciphertext, ownerCapsule, recordKeys };
  await expect(openWithOwnerKey(opening)).rejects.toMatchObject({ code: "ContentTooLarge" });
  // Its body is no DEFLATE of so much.
  const allowed = openWithOwnerKey({ ...opening, maxSizeBytes: MAX_PLAINTEXT_SIZE + 1 });
  await expect(allowed).rejects.toMatchObject({ code: "ContentMalformed" });
});
