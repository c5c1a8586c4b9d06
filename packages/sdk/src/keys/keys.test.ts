import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { accountKeys } from "./account-keys.ts";
import { seedFromCheckedWords } from "./checked-words.ts";
import { compartmentLabel } from "./compartment-label.ts";
import { createP256Signer } from "./p256-key.ts";
import { webRandom } from "./random.ts";
import { createSeedWords, seedFromWords } from "./seed.ts";
import { createEd25519Signer } from "./signer.ts";

const WORDS = `${"abandon ".repeat(23)}art`;

describe("seed words", () => {
  it("are 24, and lead to a seed of 64 bytes", async () => {
    const words = createSeedWords(webRandom);
    expect(words.split(" ")).toHaveLength(24);
    expect(await seedFromWords(words)).toHaveLength(64);
    expect(createSeedWords(webRandom)).not.toBe(words);
  });

  it("may be written with other case and spacing", async () => {
    expect(await seedFromWords(`  ${WORDS.toUpperCase().replaceAll(" ", "\n ")} `)).toEqual(await seedFromWords(WORDS));
  });

  it("need no second check: the same seed comes of checked words, another one of others", async () => {
    expect(await seedFromCheckedWords(` ${WORDS.toUpperCase()}`)).toEqual(await seedFromWords(WORDS));
    expect(await seedFromCheckedWords(WORDS, "secret")).toEqual(await seedFromWords(WORDS, { passphrase: "secret" }));
    expect(await seedFromCheckedWords(WORDS.replace("art", "abandon"))).not.toEqual(await seedFromWords(WORDS));
  });

  it.each([
    ["an unknown word", WORDS.replace("art", "galen")],
    ["a wrong checksum", WORDS.replace("art", "abandon")],
    ["a word less", WORDS.replace("abandon ", "")],
    ["nothing", ""],
  ])("are refused with %s", async (_, words) => {
    await expect(seedFromWords(words)).rejects.toMatchObject({ code: "WordsInvalid" });
  });
});

describe("account keys", () => {
  const seed = new Uint8Array(64).fill(9);
  const keys = accountKeys(seed, 0);

  // Recorded: a change here takes their keys from everybody who has written down seed words.
  it("stay what they are", () => {
    expect({
      signing: bytesToHex(keys.signing.publicKey),
      record: bytesToHex(keys.record.publicKey),
      compartment: bytesToHex(keys.compartmentKey),
    }).toMatchInlineSnapshot(`
      {
        "compartment": "c53852d09cf60618386d5754a82682147814f52594eedeee5ba33d23718c546a",
        "record": "f252535d912e2b7fb3fde19d21b7cdb556c2a9921e75823a365cb73327c0931a",
        "signing": "f4e0d05a0d799babbd9f8555e03b1ee72353de07aee238458e2e1b7891e032a3",
      }
    `);
  });

  it("differ between accounts, seeds and uses", () => {
    const all = [
      keys,
      accountKeys(seed, 1),
      accountKeys(
        seed.map(() => 8),
        0,
      ),
    ].flatMap(({ signing, record, compartmentKey }) => [
      ...[signing.publicKey, signing.secretKey, record.publicKey, record.secretKey, compartmentKey].map(bytesToHex),
    ]);
    expect(new Set(all).size).toBe(15);
  });

  it.each([-1, 2 ** 31, 0.5, Number.NaN])("have no index %d", (index) => {
    expect(() => accountKeys(seed, index)).toThrow(RangeError);
  });
});

describe("compartment labels", () => {
  const key = accountKeys(new Uint8Array(64), 0).compartmentKey;

  it("repeat for one account and name, however the name is composed", () => {
    expect(compartmentLabel(key, "santé")).toBe(compartmentLabel(key, "sante\u0301"));
    expect(hexToBytes(compartmentLabel(key, "home"))).toHaveLength(32);
  });

  it("differ between names and accounts", () => {
    const other = accountKeys(new Uint8Array(64), 1).compartmentKey;
    expect(new Set([compartmentLabel(key, "home"), compartmentLabel(key, "general"), compartmentLabel(other, "home")]).size).toBe(3);
  });
});

describe("signers", () => {
  const message = new TextEncoder().encode("grant");

  it("sign with Ed25519 what the ledger accepts", async () => {
    const { secretKey, publicKey } = accountKeys(new Uint8Array(64), 0).signing;
    const signer = await createEd25519Signer(secretKey);
    expect(signer).toMatchObject({ keyType: "ed25519", publicKey });
    expect(portableCrypto.verifyEd25519(publicKey, message, await signer.sign(message))).toBe(true);
  });

  it("sign with P-256 what the ledger accepts", async () => {
    const signer = createP256Signer(new Uint8Array(32).fill(1));
    expect(signer.keyType).toBe("p256");
    expect(portableCrypto.verifyP256(signer.publicKey, message, await signer.sign(message))).toBe(true);
  });
});
