import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { outsideData } from "@galen/ledger/testing/outside-data";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { createSeedWords, seedFromWords } from "./seed.ts";
import { slip10Child, slip10Master } from "./slip10.ts";

const bytes = (hex: string) => hexToBytes(hex)!;

const bip39 =
  outsideData<{ english: [entropy: string, words: string, seed: string, masterKey: string][] }>("crypto/bip39/vectors.json")?.english ?? [];
describe.skipIf(bip39.length === 0)(`BIP-39, English (${bip39.length} vectors)`, () => {
  it.each(bip39)("entropy %s", async (entropy, words, seed) => {
    if (entropy.length === 64) expect(createSeedWords(() => bytes(entropy))).toBe(words);
    expect(bytesToHex(await seedFromWords(words, { passphrase: "TREZOR" }))).toBe(seed); // the vectors' own passphrase
  });
});

interface Slip10Vector {
  readonly title: string;
  readonly seed: string;
  readonly nodes: readonly { chain: string; "chain code": string; private: string; public: string }[];
}

const slip10 = (outsideData<Slip10Vector[]>("crypto/slip10/vectors.json") ?? [])
  .filter(({ title }) => title.endsWith("for ed25519"))
  .flatMap(({ seed, nodes }) => nodes.map((node) => ({ seed, ...node })));
describe.skipIf(slip10.length === 0)(`SLIP-0010, Ed25519 (${slip10.length} nodes)`, () => {
  it.each(slip10)("$chain", ({ seed, chain, ...expected }) => {
    const indexes = chain
      .split("/")
      .slice(1)
      .map((step) => Number.parseInt(step, 10));
    const node = indexes.reduce(slip10Child, slip10Master(bytes(seed)));
    expect(bytesToHex(node.privateKey)).toBe(expected.private);
    expect(bytesToHex(node.chainCode)).toBe(expected["chain code"]);
    expect(`00${bytesToHex(ed25519.getPublicKey(node.privateKey))}`).toBe(expected.public);
  });
});

interface WycheproofFile<Test> {
  readonly testGroups: readonly { readonly tagSize?: number; readonly tests: readonly (Test & { tcId: number; result: string })[] }[];
}

function wycheproof<Test>(name: string) {
  const groups = outsideData<WycheproofFile<Test>>(`crypto/wycheproof/${name}.json`)?.testGroups ?? [];
  return groups.flatMap(({ tests, tagSize }) => tests.map((test) => ({ ...test, tagSize })));
}

const hkdfTests = wycheproof<{ ikm: string; salt: string; info: string; size: number; okm: string }>("hkdf_sha256_test");
describe.skipIf(hkdfTests.length === 0)(`HKDF-SHA256, Wycheproof (${hkdfTests.length} tests)`, () => {
  it.each(hkdfTests)("$tcId", ({ ikm, salt, info, size, okm, result }) => {
    const derive = () => bytesToHex(hkdf(sha256, bytes(ikm), bytes(salt), bytes(info), size));
    if (result === "valid") expect(derive()).toBe(okm);
    else expect(derive).toThrow();
  });
});

const hmacTests = wycheproof<{ key: string; msg: string; tag: string }>("hmac_sha256_test");
describe.skipIf(hmacTests.length === 0)(`HMAC-SHA256, Wycheproof (${hmacTests.length} tests)`, () => {
  it.each(hmacTests)("$tcId", ({ key, msg, tag, tagSize, result }) => {
    const computed = bytesToHex(hmac(sha256, bytes(key), bytes(msg))).slice(0, tagSize! / 4);
    expect(computed === tag).toBe(result === "valid");
  });
});
