import { addMessage, foundRecordsTown, type RecordsTown } from "@galen/ledger/modules/records/testing/scene";
import { sealedObject } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone, LICENCE_ID } from "@galen/ledger/testing/actors";
import { beforeAll, expect, it } from "vitest";
import { type Lies, provingClient } from "../proofs/testing/proving-client.ts";
import { authorStanding } from "./author-standing.ts";

let town: RecordsTown;

beforeAll(async () => {
  town = await foundRecordsTown();
  const { chain, clinician, hospital, patient } = town;
  await expectDone(chain.run(clinician, addMessage([{ name: "prescription", owner: patient }], hospital)));
  await expectDone(chain.run(hospital, addMessage([{ name: "of the house", owner: patient }])));
});

const standing = (name: string, lies: Lies = {}) =>
  authorStanding(provingClient(town.chain, lies), {
    objectId: sealedObject(town.patient, name).objectId,
    credentialType: "practitioner-licence",
  });

it("is that of the author's licence when it was filed", async () => {
  expect(await standing("prescription")).toEqual({ author: town.clinician.account, filedAt: expect.any(Number), standing: "valid" });
  expect(await standing("of the house")).toMatchObject({ author: town.hospital.account, standing: undefined });
});

it("cannot be made up by a node that names another's licence, and hidden ones count for nothing", async () => {
  const { chain, clinician } = town;
  const another = chain.ledger.query("credentials.held", { holder: clinician.account, credentialType: "practitioner-licence" });
  expect(await standing("of the house", { alterResult: () => another.result })).toMatchObject({ standing: undefined });
  expect(await standing("prescription", { alterResult: () => ({ credentials: [] }) })).toMatchObject({ standing: undefined });
});

it("stays valid for what was filed before a suspension, and not after its cause", async () => {
  const { chain, board, clinician, hospital, patient } = town;
  const before = await standing("prescription");
  const change = { credentialId: LICENCE_ID, reasonCode: "safety" };
  await expectDone(chain.run(board, { type: "credentials.suspend", value: { ...change, from: chain.now } }));
  expect(await standing("prescription")).toEqual(before);
  await expectDone(chain.run(clinician, addMessage([{ name: "later", owner: patient }], hospital)));
  expect(await standing("later")).toMatchObject({ standing: "suspended" });
  await expectDone(chain.run(board, { type: "credentials.revoke", value: { ...change, from: before.filedAt } }));
  expect(await standing("prescription")).toMatchObject({ standing: "revoked" });
});

it("refuses a document that is not on the ledger", async () => {
  await expect(standing("nowhere")).rejects.toMatchObject({ id: "client/UnknownObject" });
});
