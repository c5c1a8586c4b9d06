import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { outsideBytes, outsideData, outsideFiles } from "@galen/ledger/testing/outside-data";
import { x25519 } from "@noble/curves/ed25519.js";
import canonicalize from "canonicalize";
import {
  AEAD_AES_128_GCM,
  AEAD_AES_256_GCM,
  AEAD_ChaCha20Poly1305,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
} from "hpke";
import { describe, expect, it } from "vitest";
import { decryptAesGcm, encryptAesGcm, importAesKey } from "./aes-gcm.ts";

const bytes = (hex: string) => hexToBytes(hex)!;

interface AeadTest {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
}

interface AeadGroup {
  readonly keySize: number;
  readonly ivSize: number;
  readonly tagSize: number;
  readonly tests: readonly AeadTest[];
}

const aesGcm = (outsideData<{ testGroups: AeadGroup[] }>("crypto/wycheproof/aes_gcm_test.json")?.testGroups ?? [])
  .filter(({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128)
  .flatMap(({ tests }) => tests);
describe.skipIf(aesGcm.length === 0)(`AES-256-GCM with 96-bit nonces, Wycheproof (${aesGcm.length} tests)`, () => {
  it.each(aesGcm)("$tcId", async ({ key, iv, aad, msg, ct, tag, result }) => {
    const aesKey = await importAesKey(bytes(key));
    const parameters = { nonce: bytes(iv), additionalData: bytes(aad) };
    const opened = await decryptAesGcm(aesKey, parameters, bytes(ct + tag));
    expect(opened && bytesToHex(opened)).toBe(result === "valid" ? msg : undefined);
    if (result === "valid") expect(bytesToHex(await encryptAesGcm(aesKey, parameters, bytes(msg)))).toBe(ct + tag);
  });
});

interface XdhTest {
  readonly tcId: number;
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}

const xdh = (outsideData<{ testGroups: { tests: XdhTest[] }[] }>("crypto/wycheproof/x25519_test.json")?.testGroups ?? []).flatMap(
  ({ tests }) => tests,
);
describe.skipIf(xdh.length === 0)(`X25519, Wycheproof (${xdh.length} tests)`, () => {
  it.each(xdh)("$tcId", (test) => {
    const agree = () => bytesToHex(x25519.getSharedSecret(bytes(test.private), bytes(test.public)));
    // A public key of small order gives zeros, which RFC 9180 §7.1.4 has to refuse.
    if (/^0+$/.test(test.shared)) expect(agree).toThrow();
    else expect(agree()).toBe(test.shared);
  });
});

interface HpkeVector {
  readonly mode: number;
  readonly aead_id: number;
  readonly info: string;
  readonly psk?: string;
  readonly psk_id?: string;
  readonly skRm: string;
  readonly enc: string;
  readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[];
  readonly exports: readonly { readonly exporter_context: string; readonly L: number; readonly exported_value: string }[];
}

const AEADS = new Map([
  [1, AEAD_AES_128_GCM],
  [2, AEAD_AES_256_GCM],
  [3, AEAD_ChaCha20Poly1305],
]);

const hpke = outsideData<HpkeVector[]>("crypto/hpke/rfc9180-x25519-base-psk.json") ?? [];
describe.skipIf(hpke.length === 0)(`HPKE with X25519 and HKDF-SHA256, RFC 9180 (${hpke.length} vectors)`, () => {
  it.each(hpke)("mode $mode, AEAD $aead_id", async ({ aead_id, info, psk, psk_id, skRm, enc, encryptions, exports }) => {
    const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEADS.get(aead_id)!);
    const secrets = psk && psk_id ? { psk: bytes(psk), pskId: bytes(psk_id) } : {};
    const receiver = await suite.SetupRecipient(await suite.DeserializePrivateKey(bytes(skRm), true), bytes(enc), {
      info: bytes(info),
      ...secrets,
    });
    for (const { aad, ct, pt } of encryptions) expect(bytesToHex(await receiver.Open(bytes(ct), bytes(aad)))).toBe(pt);
    for (const { exporter_context, L, exported_value } of exports) {
      expect(bytesToHex(await receiver.Export(bytes(exporter_context), L))).toBe(exported_value);
    }
  });
});

const jcs = outsideFiles("crypto/jcs-rfc8785/input");
describe.skipIf(jcs.length === 0)(`JSON Canonicalization Scheme, RFC 8785 (${jcs.length} files)`, () => {
  it.each(jcs)("%s", (path) => {
    const expected = outsideBytes(path.replace("/input/", "/output/"));
    expect(canonicalize(outsideData(path))).toBe(new TextDecoder().decode(expected));
  });
});
