import { createHash } from "node:crypto";
import { accountIdOf } from "@galen/ledger/modules/accounts/account-id";
import { MAX_DOCUMENTS } from "@galen/ledger/modules/records/schema";
import type { Client } from "@galen/sdk/client/client";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import type { NewDocument } from "@galen/sdk/records/seal-document";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { submit } from "@galen/sdk/transactions/submit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nativeCrypto } from "../crypto/native.ts";
import { startTestNetwork, type TestNetwork } from "../testing/test-network.ts";

let network: TestNetwork;
let patient: OwnAccount;

beforeAll(async () => {
  // From version 4 on there are no accounts to which nothing can be sealed, but for those from before.
  network = await startTestNetwork({}, {}, 3);
  await network.makeKey();
  patient = await network.person("patient");
});
afterAll(() => network.close());

function document(name: string, owner = patient.account): NewDocument {
  const objectId = createHash("sha256").update(name).digest("hex");
  return { objectId, plaintext: new TextEncoder().encode(name), owner, compartment: "ab".repeat(32) };
}

const file = (documents: readonly NewDocument[], options: Partial<Parameters<typeof fileDocuments>[1]> = {}) =>
  fileDocuments(network.client, { as: network.hospital, documents, ...options });

describe("documents that take two transactions", () => {
  /** A client that sends no other blobs than those of one batch until `said`. */
  function holdingBack(said: Promise<unknown>): Client {
    let stored = 0;
    return {
      ...network.client,
      async fetch(url, init) {
        if (new Request(url).url.endsWith("/v1/blobs") && ++stored > 1) await said;
        return network.client.fetch(url, init);
      },
    };
  }

  it("are neither asked for nor filed after a no to the first", async () => {
    const said = Promise.withResolvers<void>();
    let asked = 0;
    const beforeSigning = () => {
      asked++;
      said.resolve();
      throw new RangeError("no");
    };
    const documents = Array.from({ length: 2 * MAX_DOCUMENTS }, (_, at) => document(`one of two batches, ${at}`));
    const filing = fileDocuments(holdingBack(said.promise), { as: network.hospital, documents, beforeSigning });
    await expect(filing).rejects.toThrow("no");
    // The next ones take as long as the second batch would have taken.
    const later = await file(documents);
    expect([asked, later.filed.length]).toEqual([1, documents.length]);
  });
});

it("refuses what is named twice before anything is filed, unless it is on file", async () => {
  const [one, other] = [document("one"), document("other")];
  await expect(file([one, other, one])).rejects.toMatchObject({ id: "vault/RepeatedObject", details: { objectId: one.objectId } });
  expect(await file([one])).toMatchObject({ filed: [{ objectId: one.objectId }] });
  expect(await file([one, other, one])).toMatchObject({
    filed: [{ objectId: other.objectId }],
    alreadyFiled: [one.objectId, one.objectId],
  });
});

it.each([
  ["zeros", "00".repeat(32)],
  ["a point of low order", `ecffff${"ff".repeat(28)}7f`],
])("an owner whose record key is %s is refused, and the documents of others are filed", async (name, recordKey) => {
  const value = { ...patient.creation.value, recordKey };
  const shut = { account: accountIdOf(value, nativeCrypto), signers: patient.signers };
  await submit(network.client, { actors: [shut], messages: [{ type: "accounts.create", value }] });
  const [before, unsealable, after] = [document(`before ${name}`), document(`unsealable ${name}`, shut.account), document(`after ${name}`)];
  const filed: string[] = [];
  const filing = file([before, unsealable, after], { onFiled: (ids) => filed.push(...ids) });
  const details = { owner: shut.account, objectId: unsealable.objectId };
  await expect(filing).rejects.toMatchObject({ id: "client/UnusableRecordKey", details });
  expect(filed).toEqual([before.objectId, after.objectId]);
});
