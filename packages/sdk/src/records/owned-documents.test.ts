import { ledgerVersions } from "@galen/ledger/modules/index";
import { foundVaultTown, sealedObject, type VaultTown } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { beforeAll, expect, it } from "vitest";
import { provingClient } from "../proofs/testing/proving-client.ts";
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
