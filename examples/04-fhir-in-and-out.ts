// A FHIR bundle is split into documents, sealed, filed, read back and merged: equal to the last digit.
import { checkBundle, compareBundles, type JsonObject, mergeDocuments, readJson, splitBundle, writeJson } from "@galen/gateway";
import { compartmentLabel, createClient, deriveObjectId, fileDocuments, readOwn } from "@galen/sdk";
import { newAccount } from "./new-account.ts";

const source = `{ "resourceType": "Bundle", "type": "collection", "entry": [
  { "fullUrl": "urn:uuid:8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1", "resource": { "resourceType": "Patient", "name": [{ "family": "Example" }] } },
  { "fullUrl": "urn:uuid:1b0c2f7e-3c59-4a2b-8d8c-0c8f3b0ad1e2", "resource": { "resourceType": "Encounter", "status": "finished",
      "class": { "code": "AMB" }, "subject": { "reference": "urn:uuid:8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1" } } },
  { "resource": { "resourceType": "Observation", "status": "final", "code": { "text": "Potassium" },
      "encounter": { "reference": "urn:uuid:1b0c2f7e-3c59-4a2b-8d8c-0c8f3b0ad1e2" }, "valueQuantity": { "value": 4.10, "unit": "mmol/l" } } }
] }`;

const client = createClient({ url: process.env.GALEN_URL ?? "http://127.0.0.1:8080" });
const patient = await newAccount(client);
const checked = checkBundle(readJson(new TextEncoder().encode(source), "example.json"), "example.json");
const documents = (await splitBundle(checked)).map(({ key, bundle, facts }) => ({
  objectId: deriveObjectId(patient.keys.compartmentKey, key),
  plaintext: writeJson(bundle),
  owner: patient.account,
  compartment: compartmentLabel(patient.keys.compartmentKey, facts.compartment),
}));
await fileDocuments(client, { as: patient, documents });
const again = await fileDocuments(client, { as: patient, documents });

const opened = await readOwn(client, { as: patient, objectIds: documents.map(({ objectId }) => objectId) });
const merged: JsonObject = mergeDocuments(opened.map(({ plaintext }) => readJson(plaintext, "document")));
const { resources, equal, differences } = compareBundles(checked.bundle, merged);
console.log(`${documents.length} documents, ${again.alreadyFiled.length} of them on file when they came again`);
console.log(`${equal} of ${resources} resources equal, ${differences.length} differences`);
