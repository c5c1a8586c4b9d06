import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import { contentsOf, readAllOwned, type UnreadableRecord } from "@galen/gateway/reading/owned-records";
import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import type { Client } from "@galen/sdk/client/client";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRecords } from "./read-records.ts";

const LARGE = "1".repeat(64);
const SMALL = "2".repeat(64);
const large = new Uint8Array(MAX_FILE_BYTES + 1).fill(" ".charCodeAt(0));
const small = new TextEncoder().encode('{"resourceType":"Bundle","type":"collection"}');

let network: TestNetwork;
let client: Client;
let patient: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  patient = await network.person("patient");
  await network.makeKey();
  client = await network.trusting();
  const documents = [
    { objectId: LARGE, plaintext: large },
    { objectId: SMALL, plaintext: small },
  ].map((document) => ({ ...document, owner: patient.account, compartment: "ab".repeat(32) }));
  await fileDocuments(client, { as: network.hospital, documents });
});
afterAll(() => network.close());

type Reading = (note: (unreadable: UnreadableRecord) => void) => Promise<readonly { readonly content: object }[]>;

it.each<readonly [string, Reading]>([
  ["by their owner", (note) => readAllOwned(client, patient, note)],
  [
    "by a release",
    async (note) => {
      const { opened } = await readRecords(client, { as: patient, owner: patient.account, purpose: "PATRQT", onUnreadable: note });
      return contentsOf(opened, note);
    },
  ],
])("a document that is larger than any of FHIR does not open, and keeps nobody from the others, when they are read %s", async (_, read) => {
  const told: UnreadableRecord[] = [];
  const documents = await read((unreadable) => told.push(unreadable));
  expect(documents).toMatchObject([{ content: { resourceType: "Bundle" } }]);
  expect(told).toMatchObject([{ object: { objectId: LARGE }, error: { name: "SealError", code: "ContentTooLarge" } }]);
});
