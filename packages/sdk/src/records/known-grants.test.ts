import { grants, grantsOf as listed } from "@galen/ledger/modules/vault/state";
import { foundVaultTown, grantMessage, type VaultTown } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { grantsOf } from "./known-grants.ts";

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
