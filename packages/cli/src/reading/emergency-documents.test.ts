import { startTestNetwork, type TestNetwork } from "@galen/node/testing/test-network";
import type { Client } from "@galen/sdk/client/client";
import { fileDocuments } from "@galen/sdk/records/file-documents";
import { emergencyDocuments } from "@galen/sdk/records/read-emergency";
import type { OwnAccount } from "@galen/sdk/transactions/own-account";
import { afterAll, beforeAll, expect, it } from "vitest";

const FILED = 130;
const plaintext = new TextEncoder().encode('{"resourceType":"Bundle","type":"collection"}');
const idOf = (number: number) => number.toString(16).padStart(64, "0");

let network: TestNetwork;
let client: Client;
let patient: OwnAccount;

beforeAll(async () => {
  network = await startTestNetwork();
  patient = await network.person("patient");
  await network.makeKey();
  client = await network.trusting();
  const documents = Array.from({ length: FILED }, (_, at) => {
    return { objectId: idOf(at), plaintext, owner: patient.account, compartment: "ab".repeat(32) };
  });
  for (const document of documents) await fileDocuments(client, { as: network.hospital, documents: [document] });
});
afterAll(() => network.close());

it.each([
  [0, 129, 64, 66],
  [64, 65, 64, 2],
  [128, 1, 2, 0],
  [200, undefined, 0, 0],
])("one use opens the newest after %i, and tells how many are older", async (skip, newest, asked, older) => {
  const documents = await emergencyDocuments(client, patient.account, { skip });
  const expected = Array.from({ length: asked }, (_, at) => idOf(newest! - at));
  expect([documents.objectIds, documents.older]).toEqual([expected, older]);
});

it("a use after another opens what that one did not ask for, also when something was filed between", async () => {
  const { objectIds: first } = await emergencyDocuments(client, patient.account);
  const late = { objectId: idOf(FILED), plaintext, owner: patient.account, compartment: "ab".repeat(32) };
  await fileDocuments(client, { as: network.hospital, documents: [late] });
  const { objectIds, older } = await emergencyDocuments(client, patient.account, { without: new Set(first) });
  expect([objectIds.slice(0, 2), objectIds.length, older]).toEqual([[idOf(FILED), idOf(65)], 64, 3]);
});
