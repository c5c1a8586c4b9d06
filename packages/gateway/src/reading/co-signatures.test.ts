import { expectDone, LICENCE_ID, type TestAccount } from "@galen/ledger/testing/actors";
import { type Filing, type FilingTown, foundFilingTown, type Relation } from "@galen/sdk/records/testing/filing-town";
import { beforeAll, describe, expect, it } from "vitest";
import { createNote } from "../fhir/clinical-note.ts";
import type { SignedDocument } from "../fhir/co-signature.ts";
import { createCoSignature } from "../fhir/create-co-signature.ts";
import { describeDocument } from "../fhir/document-facts.ts";
import type { JsonObject } from "../fhir/json-value.ts";
import { createPrescription } from "../fhir/prescription.ts";
import { checkCoSignatures, type OpenedDocument } from "./co-signatures.ts";

let town: FilingTown;

beforeAll(async () => {
  town = await foundFilingTown();
  await town.file("note", { by: town.clinician });
  await town.file("prescription", { by: town.colleague });
});

const idOf = (name: string) => town.idOf(name);
const about = (name: string): Relation => ({ kind: "statementOn", objectId: idOf(name) });
const authorshipOf = ({ account }: TestAccount) => ({
  writtenAt: Date.UTC(2026, 10, 26),
  uuid: "8d3a8a0e-9ed0-4d0b-a5a6-37b0f5b7a3c1",
  author: { account, name: "Dr. Somebody" },
  organisation: { account: town.hospital.account, name: "Hospital" },
  patient: town.patient.account,
});

const note = (): OpenedDocument => ({
  objectId: idOf("note"),
  content: createNote({ ...authorshipOf(town.clinician), title: "Visit", text: "Feels better." }),
});

const prescription = (): OpenedDocument => {
  const course = { dose: "1", doseUnit: "mg", unitName: "mg", timesPerDay: 1, asNeeded: false, durationDays: 3, quantity: "3" } as const;
  const draft = { ...authorshipOf(town.colleague), ...course, medicine: "Ramipril", code: undefined, instructions: "1 mg", note: "" };
  return { objectId: idOf("prescription"), content: createPrescription(draft) };
};

const signing = (signer: TestAccount, { objectId, content }: OpenedDocument, change: Partial<SignedDocument> = {}) => {
  const signed = { objectId, content, compartment: describeDocument(content).compartment, ...change };
  return createCoSignature({ ...authorshipOf(signer), uuid: "11111111-9ed0-4d0b-a5a6-37b0f5b7a3c1", title: "Co-signature", signed });
};

interface Filed extends Filing {
  readonly content: JsonObject;
}

/** Files a document about the note, if nothing else is said, and gives it as a reader opens it. */
async function file(name: string, { content, relation = about("note"), ...filing }: Filed): Promise<OpenedDocument> {
  await town.file(name, { relation, ...filing });
  return { objectId: idOf(name), content };
}

const verdicts = async (document: OpenedDocument, others: readonly OpenedDocument[], lies?: Parameters<FilingTown["client"]>[0]) =>
  (await checkCoSignatures(town.client(lies), document, others)).map(({ verdict }) => verdict);

describe("a co-signature under a note", () => {
  it("holds for a colleague of a house, who is told as the ledger has her", async () => {
    const filed = await file("co-signature", { by: town.colleague, content: await signing(town.colleague, note()) });
    expect(await checkCoSignatures(town.client(), note(), [filed, note()])).toEqual([
      {
        objectId: filed.objectId,
        author: town.colleague.account,
        organisation: town.hospital.account,
        filedAt: expect.any(Number),
        verdict: "holds",
        standing: undefined,
      },
    ]);
    expect(await verdicts(prescription(), [filed])).toEqual([]);
  });

  const forged: readonly (readonly [string, verdict: string, () => Promise<Filed>])[] = [
    [
      "of other words",
      "otherText",
      async () => ({ by: town.colleague, content: await signing(town.colleague, { ...note(), content: await altered() }) }),
    ],
    [
      "that names another document",
      "otherDocument",
      async () => ({ by: town.colleague, content: await signing(town.colleague, note(), { objectId: idOf("prescription") }) }),
    ],
    [
      "that the ledger has about another document",
      "otherDocument",
      async () => ({ by: town.colleague, content: await signing(town.colleague, note()), relation: about("prescription") }),
    ],
    [
      "that the ledger has about nothing",
      "otherDocument",
      async () => ({ by: town.colleague, content: await signing(town.colleague, note()), relation: { kind: "none" } }),
    ],
    [
      "that the ledger has in place of it",
      "otherDocument",
      async () => ({
        by: town.colleague,
        content: await signing(town.colleague, note()),
        relation: { ...about("note"), kind: "replaces" } as Relation,
      }),
    ],
    [
      "in the name of somebody who did not file it",
      "otherSigner",
      async () => ({ by: town.colleague, content: await signing(town.nurse, note()) }),
    ],
    ["by the author", "ownDocument", async () => ({ by: town.clinician, content: await signing(town.clinician, note()) })],
    ["by the patient", "notStaff", async () => ({ by: town.patient, content: await signing(town.patient, note()), isAlone: true })],
    ["by a house as such", "notStaff", async () => ({ by: town.hospital, content: await signing(town.hospital, note()), isAlone: true })],
    ["by a house in its own name", "notStaff", async () => ({ by: town.hospital, content: await signing(town.hospital, note()) })],
  ];
  it.each(forged.map(([what, verdict, make], number) => [what, verdict, make, number] as const))(
    "does not hold %s: %s",
    async (_, verdict, make, number) => {
      const filed = await file(`forged ${number}`, await make());
      expect(await verdicts(note(), [filed])).toEqual([verdict]);
    },
  );

  async function altered(): Promise<JsonObject> {
    return createNote({ ...authorshipOf(town.clinician), title: "Visit", text: "Feels better. " });
  }

  it("counts once for each colleague, the first one", async () => {
    const first: OpenedDocument = { objectId: idOf("co-signature"), content: await signing(town.colleague, note()) };
    const second = await file("co-signature again", { by: town.colleague, content: await signing(town.colleague, note()) });
    const nurses = await file("co-signature of the nurse", { by: town.nurse, content: await signing(town.nurse, note()) });
    const checked = await checkCoSignatures(town.client(), note(), [nurses, second, first]);
    expect(checked.map(({ objectId, verdict }) => [objectId, verdict])).toEqual([
      [first.objectId, "holds"],
      [second.objectId, "repeated"],
      [nurses.objectId, "holds"],
    ]);
  });

  it("cannot be made up by a node: what is not proven is not shown", async () => {
    const filed: OpenedDocument = { objectId: idOf("co-signature"), content: await signing(town.colleague, note()) };
    await expect(verdicts(note(), [filed], { heightOf: () => 3 })).rejects.toMatchObject({
      id: expect.stringMatching(/^(proof|client)\//),
    });
    const ofAnother = verdicts(note(), [filed], {
      alterRecords: (records) => records.map((record) => ({ ...record, value: records[0]!.value })),
    });
    await expect(ofAnother).rejects.toMatchObject({ id: expect.stringMatching(/^proof\//) });
  });
});

describe("a co-signature under a prescription", () => {
  it("holds with a licence that counted when it was filed, and with none other", async () => {
    const { chain, board, clinician, nurse } = town;
    const licensed = await file("licensed", {
      by: clinician,
      content: await signing(clinician, prescription()),
      relation: about("prescription"),
    });
    const unlicensed = await file("unlicensed", {
      by: nurse,
      content: await signing(nurse, prescription()),
      relation: about("prescription"),
    });
    const both = [licensed, unlicensed];
    expect(await verdicts(prescription(), both)).toEqual(["holds", "unlicensed"]);
    const before = (await checkCoSignatures(town.client(), prescription(), both))[0]!;
    expect(before.standing).toBe("valid");

    const change = { credentialId: LICENCE_ID, reasonCode: "safety" };
    await expectDone(chain.run(board, { type: "credentials.suspend", value: { ...change, from: chain.now } }));
    expect(await verdicts(prescription(), both)).toEqual(["holds", "unlicensed"]);
    await expectDone(chain.run(board, { type: "credentials.revoke", value: { ...change, from: before.filedAt } }));
    expect(await verdicts(prescription(), both)).toEqual(["unlicensed", "unlicensed"]);
  });
});
