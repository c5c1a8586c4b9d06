import {
  accountKeys,
  type Client,
  compartmentLabel,
  deriveObjectId,
  fileDocuments,
  grantAccess,
  type OwnAccount,
  ownAccount,
  readGranted,
  submit,
  webRandom,
} from "@galen/sdk";

/** Documents that are read under a grant while faults happen. */
export interface Reading {
  readonly objectIds: readonly string[];
  /** Reads all of them through a node. Rejects with GalenError, or with Error when other bytes come back. */
  read(client: Client): Promise<void>;
}

const DOCUMENTS = 3;
const DAY_MS = 86_400_000;

/** Makes a patient with some documents of the organisation's, and a clinician whom the patient lets read. */
export async function createReading(client: Client, organisation: OwnAccount): Promise<Reading> {
  const [patient, clinician] = (await Promise.all([0, 1].map(() => ownAccount(accountKeys(webRandom(64), 0))))) as [OwnAccount, OwnAccount];
  await submit(client, { actors: [patient, clinician], messages: [patient.creation, clinician.creation] });
  const documents = Array.from({ length: DOCUMENTS }, (_, number) => ({
    objectId: deriveObjectId(organisation.keys.compartmentKey, `document ${number}`),
    plaintext: new TextEncoder().encode(`document ${number}`),
    owner: patient.account,
    compartment: compartmentLabel(patient.keys.compartmentKey, "general"),
  }));
  await fileDocuments(client, { as: organisation, documents });
  const { grantId } = await grantAccess(client, {
    as: patient,
    grantee: { kind: "person", account: clinician.account },
    covers: { kind: "everything" },
    purposes: ["TREAT"],
    until: Date.now() + DAY_MS,
  });
  const objectIds = documents.map(({ objectId }) => objectId);
  return {
    objectIds,
    async read(through) {
      const { opened } = await readGranted(through, { as: clinician, objectIds, purpose: "TREAT", grantId });
      const isSame = opened.every(({ plaintext }, number) => Buffer.from(plaintext).equals(documents[number]!.plaintext));
      if (opened.length !== DOCUMENTS || !isSame) throw new Error("a granted read gave other bytes than were filed");
    },
  };
}
