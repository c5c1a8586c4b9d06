import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { blobAddress } from "@galen/ledger/crypto/blob-address";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { objects } from "@galen/ledger/modules/vault/state";
import type { Client } from "@galen/sdk/client/client";
import { fetchObjects, type ObjectPart } from "@galen/sdk/client/fetch-objects";
import { framedSize, writeFrames } from "@galen/sdk/client/frames";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { nativeCrypto } from "../crypto/native.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";
import { createBodyBudget } from "./body-budget.ts";
import { objectRoutes } from "./routes/objects.ts";

const KIB = 1_024;
const objectId = bytesToHex(randomBytes(32));
let network: TestNetwork;
let patient: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  await network.makeKey();
  patient = await network.person("patient");
  const document = { objectId, plaintext: new Uint8Array(300_000), owner: patient.account, compartment: "ab".repeat(32) };
  await fileDocuments(network.client, { as: network.hospital, documents: [document] });
});
afterAll(() => network.close());

it.each<[string, readonly string[], readonly ObjectPart[], string]>([
  ["an object", [objectId, objectId], ["ciphertext"], "vault/RepeatedObject"],
  ["a part", [objectId], ["ciphertext", "ownerCapsule", "ciphertext"], "api/InvalidField"],
])("refuses %s that is named twice", async (_, objectIds, parts, id) => {
  await expect(fetchObjects(network.client, { as: patient, objectIds, parts })).rejects.toMatchObject({ id });
});

it("gives the parts in the order asked for, and says how long they are together", async () => {
  const parts: readonly ObjectPart[] = ["ownerCapsule", "ciphertext"];
  const lengths: (string | null)[] = [];
  const client: Client = {
    ...network.client,
    async fetch(url, init) {
      const answer = await network.client.fetch(url, init);
      lengths.push(answer.headers.get("content-length"));
      return answer;
    },
  };
  const [blobs] = await fetchObjects(client, { as: patient, objectIds: [objectId], parts });
  const object = objects.get(network.node.ledger.read(), objectId)!;
  expect(blobs!.map((blob) => bytesToHex(blobAddress(blob, nativeCrypto.sha256)))).toEqual(parts.map((part) => object[part]));
  expect(lengths.at(-1)).toBe(`${framedSize(blobs!)}`);
});

describe("the memory of answers", () => {
  const blob = new Uint8Array(randomBytes(200 * KIB));
  let get: Backend["healer"]["get"];
  let answers: Backend["answers"];
  beforeEach(() => {
    get = async () => blob;
    answers = createBodyBudget(1_000 * KIB);
  });

  /** The body of an answer that nobody reads yet. */
  async function ask(): Promise<Readable> {
    const backend = { ledger: network.node.ledger, answers, healer: { get }, blobs: { sizeBytes: async () => blob.length } };
    const fields = { objectIds: [objectId], parts: ["ciphertext"] };
    const request = { account: patient.account, address: "192.0.2.1", fields } as never;
    return (await objectRoutes[0]!.handle(backend as unknown as Backend, request)).body as Readable;
  }

  it("is taken until they are read, or their client has gone", async () => {
    const [first, second] = [await ask(), await ask()];
    await expect(ask()).rejects.toThrow("api/TooManyBodies");
    await once(first.destroy(), "close");
    const third = await ask();
    await expect(ask()).rejects.toThrow("api/TooManyBodies");
    expect((await buffer(second)).equals(writeFrames([blob]))).toBe(true);
    await ask();
    third.destroy();
  });

  it("is taken before they are put together, and given back where they are refused", async () => {
    const found = Promise.withResolvers<Uint8Array>();
    get = () => found.promise;
    const asked = [ask(), ask()].map((asking) => expect(asking).rejects.toThrow("nobody has it"));
    await expect(ask()).rejects.toThrow("api/TooManyBodies");
    found.reject(new Error("nobody has it"));
    await Promise.all(asked);
    get = async () => blob;
    await Promise.all([ask(), ask()]);
  });
});
