// A patient seals a note for herself and reads it back: the node holds ciphertext, no custodian is asked.
import { compartmentLabel, createClient, fileDocuments, readOwn } from "@galen/sdk";
import { newAccount } from "./new-account.ts";

const client = createClient({ url: process.env.GALEN_URL ?? "http://127.0.0.1:8080" });
const patient = await newAccount(client);

const objectId = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
const note = new TextEncoder().encode("Slept badly since the new tablets.");
const compartment = compartmentLabel(patient.keys.compartmentKey, "general");
await fileDocuments(client, { as: patient, documents: [{ objectId, plaintext: note, owner: patient.account, compartment }] });

const [opened] = await readOwn(client, { as: patient, objectIds: [objectId] });
console.log(new TextDecoder().decode(opened?.plaintext));
