import { scalarToBytes } from "@galen/ledger/crypto/group";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { accountKeys } from "../keys/account-keys.ts";
import { webRandom } from "../keys/random.ts";
import { MAX_PLAINTEXT_SIZE } from "../seal/content.ts";
import { isSealable, sealDocument } from "./seal-document.ts";

const client = createClient({ url: "http://node.example" });
const keys = {
  recordKey: bytesToHex(accountKeys(new Uint8Array(64), 0).record.publicKey),
  collectiveKey: bytesToHex(portableCrypto.ristretto255.multiplyBase(scalarToBytes(7n))),
};
const seal = (plaintext: Uint8Array) =>
  sealDocument(client, { objectId: "a1".repeat(32), owner: "b2".repeat(32), compartment: "c3".repeat(32), plaintext }, keys);

/** Nothing compresses it. */
const noise = (size: number) => Buffer.concat(Array.from({ length: Math.ceil(size / 65_536) }, () => webRandom(65_536))).subarray(0, size);

/** Padmé's last step below 16 MiB, less the header of the content. */
const LARGEST = 16_777_216 - 262_144 - 17;

it.each<readonly [name: string, plaintext: Uint8Array, isTaken: boolean]>([
  ["nothing", new Uint8Array(0), true],
  ["the most noise that fits", noise(LARGEST), true],
  ["one byte more", noise(LARGEST + 1), false],
  ["much that is all alike", new Uint8Array(3 * LARGEST), true],
  ["more than opens", new Uint8Array(MAX_PLAINTEXT_SIZE + 1), false],
])("knows before sealing whether it will do: %s", async (_, plaintext, isTaken) => {
  expect(await isSealable(plaintext)).toBe(isTaken);
  const refusal = await seal(plaintext).then(
    () => undefined,
    (error: { readonly id: string }) => error.id,
  );
  expect(refusal).toBe(isTaken ? undefined : "client/TooLarge");
});
