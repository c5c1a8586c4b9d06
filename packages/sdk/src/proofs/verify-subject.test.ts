import { documents } from "@galen/ledger/modules/records/state";
import { addMessage, foundRecordsTown, type RecordsTown } from "@galen/ledger/modules/records/testing/scene";
import { sealedObject } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import type { Client } from "../client/client.ts";
import { problem } from "../client/testing/fake-node.ts";
import { type Lies, provingClient } from "./testing/proving-client.ts";
import { verifySubject } from "./verify-subject.ts";

let town: RecordsTown;
let objectId: string;

beforeAll(async () => {
  town = await foundRecordsTown();
  const { chain, hospital, clinician, patient } = town;
  await expectDone(chain.run(clinician, addMessage([{ name: "a", owner: patient, relation: { kind: "none" } }], hospital)));
  objectId = sealedObject(patient, "a").objectId;
});

/** A client whose node knows no transaction. */
function clientOf(lies: Lies = {}): Client {
  const client = provingClient(town.chain, lies);
  return {
    ...client,
    async fetch(input, init) {
      if (new Request(input).url.includes("/v1/transactions/")) return problem({ id: "api/NotFound", status: 404, sentence: "none" });
      return client.fetch(input, init);
    },
  };
}

it("tells what an id names, or that it names nothing", async () => {
  expect(await verifySubject(clientOf(), objectId)).toMatchObject({ kind: "document", facts: [{}, {}] });
  expect(await verifySubject(clientOf(), town.patient.account)).toMatchObject({ kind: "account", facts: [{}] });
  expect(await verifySubject(clientOf(), testBytes("nothing"))).toMatchObject({ kind: "absent", facts: [] });
});

it("is not told another kind by a node that leaves out what names it first", async () => {
  const alterRecords: Lies["alterRecords"] = (records) =>
    records.map((record) => (record.key === documents.keyOf(objectId) ? { ...record, value: null } : record));
  await expect(verifySubject(clientOf({ alterRecords }), objectId)).rejects.toMatchObject({ id: "proof/StateNotProven" });
});
