import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { testKey } from "@galen/ledger/testing/chain";
import { receiptBytes } from "@galen/ledger/tx/storage-receipts";
import { describe, expect, it } from "vitest";
import { createEd25519Signer } from "../keys/signer.ts";
import { createClient } from "./client.ts";
import { storeBlobs } from "./store-blobs.ts";

const chainId = "store-test";
const blob = Uint8Array.of(1, 2, 3);
const address = bytesToHex(blobAddress(blob, portableCrypto.sha256));
const actor = { account: "ab".repeat(32), signers: [await createEd25519Signer(testKey("actor").secretKey)] };

/** A validator's receipt for what was stored, or for something else. */
function receipt(name: string, power: number, addresses: readonly string[] = [address]) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), testKey(name).secretKey]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
  return { publicKey, signature: sign(null, receiptBytes(chainId, addresses, portableCrypto.sha256), key).toString("hex"), power };
}

function store(receipts: readonly unknown[], totalPower: number) {
  const client = createClient({
    url: "http://node.test",
    chainId,
    fetch: async () => Response.json({ addresses: [address], receipts, totalPower }),
  });
  return storeBlobs(client, { as: actor, blobs: [blob] });
}

const [a, b, c, d] = [receipt("a", 1), receipt("b", 1), receipt("c", 1), receipt("d", 1)];
const forged = { ...c, signature: d.signature };
const large = receipt("large", 5);

describe("receipts of stored blobs", () => {
  it.each([
    ["three of four", [a, b, c], 4, [a, b, c]],
    ["no more than are needed", [a, b, c, d], 4, [a, b, c]],
    ["the most powerful first", [a, large, b], 7, [large]],
    ["good ones beside a forged one", [a, forged, b, d], 4, [a, b, d]],
    ["one of one", [a], 1, [a]],
  ])("carry %s", async (_, given, total, expected) => {
    const { receipts } = await store(given, total);
    expect(receipts).toEqual(expected.map(({ publicKey, signature }) => ({ publicKey, signature })));
  });

  it.each([
    ["two of four", [a, b], 4, { heldPower: 2, totalPower: 4 }],
    ["exactly two thirds", [a, b], 3, { heldPower: 2, totalPower: 3 }],
    ["one validator three times", [a, a, a], 4, { heldPower: 1 }],
    ["forged ones", [a, b, forged], 4, { heldPower: 2 }],
    ["receipts for other blobs", [a, b, receipt("c", 1, ["cd".repeat(32)])], 4, { heldPower: 2 }],
    ["none", [], 4, { heldPower: 0 }],
  ])("do not suffice with %s", async (_, given, total, details) => {
    await expect(store(given, total)).rejects.toMatchObject({ id: "client/TooFewNodes", details });
  });

  it("fit a transaction beside its messages, with a hundred and twenty-eight validators", async () => {
    const all = Array.from({ length: 128 }, (_, at) => receipt(`validator ${at}`, 1));
    const { receipts } = await store(all, 128);
    expect(receipts).toHaveLength(86);
    expect(JSON.stringify(receipts).length / 2).toBeLessThan(16_384);
  });
});
