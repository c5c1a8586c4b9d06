import { grants, grantsOf as listed } from "@galen/ledger/modules/vault/state";
import { foundVaultTown, grantMessage, type VaultTown } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { bestGrant, coveredBy, grantsOf, type KnownGrant } from "./known-grants.ts";
import type { KnownObject } from "./sealed-object.ts";

const [first, second] = [testBytes("first grant"), testBytes("second grant")];
let town: VaultTown;

beforeAll(async () => {
  town = await foundVaultTown();
  const { chain, patient, daughter, stranger } = town;
  const grantee = { kind: "person", account: stranger.account };
  await expectDone(chain.run(patient, grantMessage(chain, patient, first, { grantee })));
  await expectDone(chain.run(daughter, grantMessage(chain, patient, second, { grantee })));
});

it("lists an owner's grants, also those of a delegate, newest first", async () => {
  const found = await grantsOf(provingClient(town.chain), town.patient.account);
  expect(found.map(({ grantId }) => grantId)).toEqual([second, first]);
  expect(found[0]!.grantedBy).toBe(town.daughter.account);
});

it.each([
  ["its place in the list", () => listed.entries.keyOf(town.patient.account, 1)],
  ["the grant itself", () => grants.keyOf(second)],
])("finds out a node that hides a delegate's grant by %s", async (_, keyOf) => {
  const heightOf = (key: string) => (key === keyOf() ? town.chain.ledger.height - 1 : undefined);
  await expect(grantsOf(provingClient(town.chain, { heightOf }), town.patient.account)).rejects.toMatchObject({
    id: "proof/EntryWithheld",
  });
});

const NOW = 1_000;
const given = (grantId: string, terms: Partial<KnownGrant>) =>
  ({ grantId, purposes: ["TREAT"], from: 0, until: 2_000, ...terms }) as KnownGrant;
const open = given("open", {});
const ended = given("ended", { until: 500 });
const research = given("research", { purposes: ["HRESCH"] });
const usedUp = given("used up", { readsLeft: 0 });

it.each([
  ["the open one for the purpose", [ended, research, usedUp, open], "open"],
  ["an open one for another purpose rather than one that has ended", [ended, research], "research"],
  ["one that has ended, so that the owner sees the attempt", [ended], "ended"],
  ["the first of equals", [ended, usedUp], "ended"],
  ["none", [], undefined],
] as const)("is asked under %s", (_, grants, grantId) => {
  expect(bestGrant(grants, { purpose: "TREAT", now: NOW })?.grantId).toBe(grantId);
});

const object = (objectId: string, compartment: string, erasedAt?: number) =>
  ({ objectId, policy: { compartment }, erasedAt }) as KnownObject;
const held = [object("a", "general"), object("b", "genetics"), object("c", "general", NOW)];

it.each<readonly [string, KnownGrant["covers"], readonly string[]]>([
  ["everything but what is erased", { kind: "everything" }, ["a", "b"]],
  ["the compartments that it names", { kind: "compartments", labels: ["general"] }, ["a"]],
  ["the documents that it names", { kind: "objects", ids: ["b", "c"] }, ["b"]],
])("covers %s", (_, covers, ids) => {
  expect(coveredBy({ covers }, held).map(({ objectId }) => objectId)).toEqual(ids);
});
