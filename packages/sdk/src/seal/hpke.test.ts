import { concatBytes } from "@galen/ledger/crypto/bytes";
import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { outsideData } from "@galen/ledger/testing/outside-data";
import { gcm } from "@noble/ciphers/aes.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";

const text = (value: string) => new TextEncoder().encode(value);
const keys = accountKeys(new Uint8Array(64), 0).record;
const binding = { info: text("label"), additionalData: Uint8Array.of(1) };
const message = text("a data key");

/** RFC 9180 §4 and §5.1 in base mode for the receiver, written down from the standard: the judge of the library in our suite. */
function openByTheStandard(suite: { aeadId: number; keySize: number }, skR: Uint8Array, sealed: { enc: Uint8Array; info: Uint8Array }) {
  const suiteId = concatBytes([text("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, suite.aeadId)]);
  const labeledExtract = (id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
    extract(sha256, concatBytes([text("HPKE-v1"), id, text(label), ikm]), salt);
  const labeledExpand = (id: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
    expand(sha256, prk, concatBytes([Uint8Array.of(0, length), text("HPKE-v1"), id, text(label), info]), length);

  const kemId = concatBytes([text("KEM"), Uint8Array.of(0, 0x20)]);
  const empty = new Uint8Array();
  const prk = labeledExtract(kemId, empty, "eae_prk", x25519.getSharedSecret(skR, sealed.enc));
  const shared = labeledExpand(kemId, prk, "shared_secret", concatBytes([sealed.enc, x25519.getPublicKey(skR)]), 32);
  const pskHash = labeledExtract(suiteId, empty, "psk_id_hash", empty);
  const context = concatBytes([Uint8Array.of(0), pskHash, labeledExtract(suiteId, empty, "info_hash", sealed.info)]);
  const secret = labeledExtract(suiteId, shared, "secret", empty);
  return {
    key: labeledExpand(suiteId, secret, "key", context, suite.keySize),
    nonce: labeledExpand(suiteId, secret, "base_nonce", context, 12),
  };
}

interface Vector {
  readonly mode: number;
  readonly aead_id: number;
  readonly skRm: string;
  readonly enc: string;
  readonly info: string;
  readonly key: string;
  readonly base_nonce: string;
}

const vectors = (outsideData<Vector[]>("crypto/hpke/rfc9180-x25519-base-psk.json") ?? []).filter(
  ({ mode, aead_id }) => mode === 0 && aead_id === 1,
);
describe.skipIf(vectors.length === 0)(`the judge itself (${vectors.length} vectors of RFC 9180)`, () => {
  it.each(vectors)("finds key and nonce", ({ skRm, enc, info, key, base_nonce }) => {
    const found = openByTheStandard({ aeadId: 1, keySize: 16 }, hexToBytes(skRm)!, { enc: hexToBytes(enc)!, info: hexToBytes(info)! });
    expect([bytesToHex(found.key), bytesToHex(found.nonce)]).toEqual([key, base_nonce]);
  });
});

describe("HPKE with X25519, HKDF-SHA256, AES-256-GCM", () => {
  it("is what the standard says", async () => {
    const sealed = await hpkeSeal(keys.publicKey, message, binding);
    const { key, nonce } = openByTheStandard({ aeadId: 2, keySize: 32 }, keys.secretKey, { enc: sealed.slice(0, 32), info: binding.info });
    expect(gcm(key, nonce, binding.additionalData).decrypt(sealed.slice(32))).toEqual(message);
  });

  it("opens for the receiver only, and every time differs", async () => {
    const sealed = await hpkeSeal(keys.publicKey, message, binding);
    expect(await hpkeOpen(keys, sealed, binding)).toEqual(message);
    expect(await hpkeOpen(accountKeys(new Uint8Array(64), 1).record, sealed, binding)).toBeUndefined();
    expect(await hpkeSeal(keys.publicKey, message, binding)).not.toEqual(sealed);
  });

  it.each([
    ["another info", { ...binding, info: text("labem") }],
    ["other additional data", { ...binding, additionalData: Uint8Array.of(2) }],
  ])("does not open with %s", async (_, other) => {
    expect(await hpkeOpen(keys, await hpkeSeal(keys.publicKey, message, binding), other)).toBeUndefined();
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["half of it", new Uint8Array(20).fill(9)],
    ["a small-order secret", new Uint8Array(80)],
  ])("does not open %s", async (_, sealed) => {
    expect(await hpkeOpen(keys, sealed, binding)).toBeUndefined();
  });
});
