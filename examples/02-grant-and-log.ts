// A patient lets a doctor read twice; the ledger logs every request before a key is handed out, also the one that it refuses.
import { compartmentLabel, createClient, fileDocuments, GalenError, grantAccess, readGranted, releaseLog } from "@galen/sdk";
import { newAccount } from "./new-account.ts";

const client = createClient({ url: process.env.GALEN_URL ?? "http://127.0.0.1:8080" });
const [patient, doctor] = [await newAccount(client), await newAccount(client)];

const objectId = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
const plaintext = new TextEncoder().encode("Haemoglobin 13.9 g/dl");
const compartment = compartmentLabel(patient.keys.compartmentKey, "laboratory");
await fileDocuments(client, { as: patient, documents: [{ objectId, plaintext, owner: patient.account, compartment }] });

const { grantId } = await grantAccess(client, {
  as: patient,
  grantee: { kind: "person", account: doctor.account },
  covers: { kind: "compartments", labels: [compartment] },
  purposes: ["TREAT"],
  until: Date.now() + 3_600_000,
  reads: 2,
});

for (let read = 1; read <= 3; read++) {
  try {
    const { opened } = await readGranted(client, { as: doctor, objectIds: [objectId], purpose: "TREAT", grantId });
    console.log(`read ${read}: ${new TextDecoder().decode(opened[0]?.plaintext)}`);
  } catch (error) {
    if (!(error instanceof GalenError)) throw error;
    console.log(`read ${read}: ${error.id}`);
  }
}
for await (const { number, purpose, outcome } of releaseLog(client, patient.account)) {
  console.log(`log ${number}: ${purpose} ${outcome.kind === "released" ? outcome.kind : outcome.reason}`);
}
