import { randomFillSync } from "node:crypto";
import { nativeCrypto } from "@galen/node/crypto/native";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { openWithOwnerKey, type SealedObject, sealObject } from "@galen/sdk/seal/seal-object";
import { type Figure, medianMs } from "./measure.ts";

/* Sealing and opening of objects, against AES-256-GCM alone over the same bytes. The content is random: all of it has to be encrypted. */
const cases = [
  { name: "8 KB", sizeBytes: 8_192, objects: 64, runs: 5 },
  { name: "1 MB", sizeBytes: 1_048_576, objects: 8, runs: 5 },
  { name: "32 MB", sizeBytes: 33_554_432, objects: 1, runs: 3 },
] as const;

const { record } = accountKeys(new Uint8Array(64).fill(9), 0);
const ownership = { objectId: "a1".repeat(32), owner: "b2".repeat(32), policyHash: "c3".repeat(32) };
const collectiveKey = nativeCrypto.ristretto255.multiplyBase(new Uint8Array(32).fill(5));

function seal(plaintext: Uint8Array): Promise<SealedObject> {
  return sealObject({ ...ownership, plaintext, ownerRecordKey: record.publicKey, collectiveKey, crypto: nativeCrypto });
}

function open({ ciphertext, ownerCapsule }: SealedObject): Promise<Uint8Array> {
  return openWithOwnerKey({ ...ownership, ciphertext, ownerCapsule, recordKeys: record });
}

async function measure({ name, sizeBytes, objects, runs }: (typeof cases)[number]): Promise<Figure[]> {
  const plaintexts = Array.from({ length: objects }, () => randomFillSync(new Uint8Array(sizeBytes)));
  const sealed = await Promise.all(plaintexts.map(seal));
  const megabytesPerSecond = async (work: () => unknown) => (objects * sizeBytes) / 1_000 / (await medianMs(runs, work));

  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const encrypt = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, bytes);
  const limit = { name: "AES-256-GCM alone", value: await megabytesPerSecond(() => Promise.all(plaintexts.map(encrypt))) };
  const sealing = await megabytesPerSecond(() => Promise.all(plaintexts.map(seal)));
  const opening = await megabytesPerSecond(() => Promise.all(sealed.map(open)));
  return [
    { name: `seal, objects of ${name}`, value: sealing, unit: "MB/s", limit },
    { name: `open as owner, objects of ${name}`, value: opening, unit: "MB/s", limit },
  ];
}

const figures: Figure[] = [];
for (const one of cases) figures.push(...(await measure(one)));
console.log(JSON.stringify(figures));
