import { documents } from "@galen/ledger/modules/records/state";
import { addMessage, foundRecordsTown, type RecordsTown } from "@galen/ledger/modules/records/testing/scene";
import { sealedObject } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, describe, expect, it } from "vitest";
import type { Client } from "../client/client.ts";
import { problem } from "../client/testing/fake-node.ts";
import { createProofFile } from "./proof-file.ts";
import { provenChain } from "./testing/proven-chain.ts";
import { type Lies, provingClient } from "./testing/proving-client.ts";
import { verifySubject, verifySubjectFile } from "./verify-subject.ts";

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

describe("a file", () => {
  const nobody = testBytes("nothing");

  /** What the file of some of one id's proofs, from `first` to `last`, says of another. */
  async function said(of: string, id: string, first = 0, last?: number): Promise<string> {
    const client = clientOf();
    const { proofs } = await verifySubject(client, of);
    const text = createProofFile(proofs.slice(first, last), client.crypto);
    return verifySubjectFile({ id, text, trust: client.trust!, crypto: client.crypto, nowMs: client.now() }).kind;
  }

  it("says what an id names, or that it names nothing", async () => {
    expect(await said(objectId, objectId)).toBe("document");
    expect(await said(objectId, objectId, 1)).toBe("object");
    expect(await said(nobody, nobody)).toBe("absent");
  });

  it.each([
    ["of another id", () => said(objectId, nobody)],
    ["of another id's absence", () => said(nobody, objectId)],
    ["of an absence that leaves out a place", () => said(nobody, nobody, 1)],
  ])("is not taken for the proof when it is one %s", async (_, run) => {
    await expect(run()).rejects.toMatchObject({ id: "proof/OtherSubject" });
  });

  it("is as old as the oldest of its proofs", async () => {
    const client = clientOf();
    const { proofs: older, asOf } = await verifySubject(client, objectId);
    await town.chain.advance(1_000);
    const { proofs: newer, asOf: later } = await verifySubject(client, objectId);
    expect(later).toBeGreaterThan(asOf);
    const text = createProofFile([newer[0]!, older[1]!], client.crypto);
    expect(verifySubjectFile({ id: objectId, text, trust: client.trust!, crypto: client.crypto, nowMs: client.now() }).asOf).toBe(asOf);
  });

  it("does not prove a document without what became of its content", async () => {
    await expect(said(objectId, objectId, 0, 1)).rejects.toMatchObject({ id: "proof/ContentNotProven" });
  });

  it("says what a transaction's hash names", async () => {
    const { context, executed, refused } = await provenChain();
    const text = createProofFile([executed], context.crypto);
    expect(verifySubjectFile({ ...context, text, id: executed.txHash }).kind).toBe("transaction");
    expect(() => verifySubjectFile({ ...context, text, id: refused.txHash })).toThrow(
      expect.objectContaining({ id: "proof/OtherSubject" }),
    );
    expect(() => verifySubjectFile({ ...context, text, id: "5f3a" })).toThrow(expect.objectContaining({ id: "client/NotAnId" }));
  });
});
