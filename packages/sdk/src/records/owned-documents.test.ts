import { ledgerVersions } from "@galen/ledger/modules/index";
import { ofOwner } from "@galen/ledger/modules/records/state";
import { foundVaultTown, sealedObject, type VaultTown } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, describe, expect, it } from "vitest";
import { type Lies, provingClient } from "../proofs/testing/proving-client.ts";
import { documentsOf } from "./owned-documents.ts";

let town: VaultTown;
let newestFirst: readonly string[];
let neighboursDocument: string;

beforeAll(async () => {
  town = await foundVaultTown({ version: ledgerVersions.at(-1)! });
  const documents = ["a", "b"].map((name) => ({ object: sealedObject(town.patient, name), relation: { kind: "none" } }));
  await expectDone(town.chain.run(town.hospital, { type: "records.add", value: { documents } }));
  const neighbours = sealedObject(town.neighbour, "c");
  neighboursDocument = neighbours.objectId;
  const filed = { documents: [{ object: neighbours, relation: { kind: "none" } }] };
  await expectDone(town.chain.run(town.hospital, { type: "records.add", value: filed }));
  newestFirst = documents.map(({ object }) => object.objectId).toReversed();
});

type Listing = { readonly total: number; readonly documents: readonly { readonly objectId: string; readonly number: number }[] };

it("lists all documents of an owner, newest first", async () => {
  const listed = await documentsOf(provingClient(town.chain), town.patient.account);
  expect(listed.map(({ objectId }) => objectId)).toEqual(newestFirst);
});

it("asks again for a list that was made before the newest was filed", async () => {
  let asked = 0;
  const alterResult = (result: unknown) => {
    asked += 1;
    return asked === 1 ? { ...(result as Listing), documents: (result as Listing).documents.slice(1) } : result;
  };
  const listed = await documentsOf(provingClient(town.chain, { alterResult }), town.patient.account);
  expect(listed.map(({ objectId }) => objectId)).toEqual(newestFirst);
});

it("lists more than one answer holds", async () => {
  const filed = Array.from({ length: 100 }, (_, at) => sealedObject(town.neighbour, `one of many ${at}`));
  for (let at = 0; at < filed.length; at += 25) {
    const documents = filed.slice(at, at + 25).map((object) => ({ object, relation: { kind: "none" } }));
    await expectDone(town.chain.run(town.hospital, { type: "records.add", value: { documents } }));
  }
  const listed = await documentsOf(provingClient(town.chain), town.neighbour.account);
  expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: filed.length + 1 }, (_, at) => filed.length - at));
});

it("lists none for somebody who has none", async () => {
  expect(await documentsOf(provingClient(town.chain), town.hospital.account)).toEqual([]);
});

it.each<[string, (listing: Listing) => Listing]>([
  ["leaves one out", ({ documents }) => ({ total: 1, documents: documents.slice(1) })],
  ["says that there is none", () => ({ total: 0, documents: [] })],
  ["names one twice instead of the other", ({ total, documents }) => ({ total, documents: documents.map(() => documents[1]!) })],
  [
    "names somebody else's instead of the other",
    ({ total, documents }) => ({ total, documents: [{ ...documents[0]!, objectId: neighboursDocument }, documents[1]!] }),
  ],
  ["names the older one first", ({ total, documents }) => ({ total, documents: documents.toReversed() })],
])("finds out a node that %s", async (_, alter) => {
  const client = provingClient(town.chain, { alterResult: (result) => alter(result as Listing) });
  await expect(documentsOf(client, town.patient.account)).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});

it("is not kept by a node whose list never ends", async () => {
  let first: Listing | undefined;
  const alterResult = (result: unknown) => {
    const { total, documents } = result as Listing;
    first ??= { total, documents: documents.slice(0, 1) };
    return first;
  };
  const client = provingClient(town.chain, { alterResult });
  await expect(documentsOf(client, town.patient.account)).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});

describe("a node that proves the count of before the newest were filed", () => {
  let listing: Listing;
  let counted: Lies;

  beforeAll(async () => {
    const { height } = town.chain.ledger;
    const documents = ["d", "e"].map((name) => ({ object: sealedObject(town.patient, name), relation: { kind: "none" } }));
    await expectDone(town.chain.run(town.hospital, { type: "records.add", value: { documents } }));
    counted = { heightOf: (key) => (key === ofOwner.counts.keyOf(town.patient.account) ? height : undefined) };
    listing = town.chain.ledger.query("records.ofOwner", { owner: town.patient.account, limit: 100 }).result as Listing;
  });

  it("may list what was filed since", async () => {
    const listed = await documentsOf(provingClient(town.chain, counted), town.patient.account);
    expect(listed.map(({ number }) => number)).toEqual([3, 2, 1, 0]);
  });

  it.each<[string, (newest: Listing["documents"]) => Listing["documents"]]>([
    ["leaves out the oldest", (newest) => newest],
    ["says that the newest are the oldest", (newest) => newest.map((document) => ({ ...document, number: document.number - 2 }))],
  ])("does not hide old ones behind them: it %s", async (_, alter) => {
    const alterResult = () => ({ total: 2, documents: alter(listing.documents.slice(0, 2)) });
    const client = provingClient(town.chain, { ...counted, alterResult });
    await expect(documentsOf(client, town.patient.account)).rejects.toMatchObject({ id: "proof/EntryWithheld" });
  });
});

it("is not kept by a node whose list is longer than any", async () => {
  let asked = 0;
  const alterResult = (result: unknown) => {
    const { total, documents } = result as Listing;
    const top = 10 ** 14 - 100 * asked++;
    if (asked > 10) throw new Error("asked without end");
    return {
      total,
      documents: Array.from({ length: 100 }, (_, at) => ({ ...documents[0]!, objectId: testBytes(`${top - at}`), number: top - at })),
    };
  };
  const client = provingClient(town.chain, { alterResult });
  await expect(documentsOf(client, town.patient.account)).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});
