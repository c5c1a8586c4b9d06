import { openKeyFile, sealKeyFile } from "@galen/sdk/keys/key-file";
import { expect, it } from "vitest";
import { nativeScrypt } from "./native-scrypt.ts";

// RFC 7914, section 12.
it.each([
  ["password", "NaCl", { N: 1_024, r: 8, p: 16 }, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"],
  ["pleaseletmein", "SodiumChloride", { N: 16_384, r: 8, p: 1 }, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"],
])("derives the keys of the standard: %s, %s", async (password, salt, parameters, key) => {
  const derived = await nativeScrypt(password, Buffer.from(salt), { ...parameters, dkLen: 32 });
  expect(Buffer.from(derived).toString("hex")).toBe(key);
});

it("opens what the portable one sealed, and the reverse", async () => {
  const secret = Uint8Array.of(1, 2, 3);
  expect(await openKeyFile(await sealKeyFile(secret, "pässword"), "pässword", nativeScrypt)).toEqual(secret);
  expect(await openKeyFile(await sealKeyFile(secret, "pässword", nativeScrypt), "pässword")).toEqual(secret);
});
