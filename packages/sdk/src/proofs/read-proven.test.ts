import { blockTime } from "@galen/ledger/block/testing/signed-chain";
import { toMilliseconds } from "@galen/ledger/block/timestamp";
import { objects } from "@galen/ledger/modules/vault/state";
import { foundVaultTown, sealedObject, sealMessage, type VaultTown } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { readProvenList } from "./read-proven.ts";
import { type Lies, provingClient } from "./testing/proving-client.ts";

let town: VaultTown;
let objectIds: readonly string[];

beforeAll(async () => {
  town = await foundVaultTown();
  const sealed = ["first", "second"].map((name) => sealedObject(town.patient, name));
  for (const object of sealed) await expectDone(town.chain.run(town.patient, sealMessage(object)));
  objectIds = [...sealed.map(({ objectId }) => objectId), testBytes("nobody's")];
});

async function read(lies: Lies = {}, agoMs = 0): Promise<(string | undefined)[]> {
  const keys = objectIds.map((objectId) => [objectId] as const);
  const records = await readProvenList(provingClient(town.chain, lies, agoMs), objects, keys);
  return records.map(({ value }) => value?.owner);
}

it("proves several records and an absence under one header, in the order of the keys", async () => {
  expect(await read()).toEqual([town.patient.account, town.patient.account, undefined]);
});

it("takes nothing of long ago for the present, and names the clock by which it is old", async () => {
  const madeAt = toMilliseconds(blockTime(town.chain.ledger.height + 1));
  await expect(read({}, 901_000)).rejects.toMatchObject({
    id: "proof/Stale",
    sentence: expect.stringContaining("check this clock") as string,
    details: { ageSeconds: 901, blockTime: madeAt, clockTime: madeAt + 901_000 },
  });
});

it.each([
  ["leaves one out", (records) => records.slice(1), "client/UnexpectedAnswer"],
  ["adds one", (records) => [...records, records[0]!], "client/UnexpectedAnswer"],
  ["exchanges two", (records) => records.toReversed(), "client/UnexpectedAnswer"],
  ["gives no records", () => [], "client/UnexpectedAnswer"],
  ["gives something else", () => ["record"], "client/UnexpectedAnswer"],
  ["hides one", (records) => records.with(0, { ...records[0]!, value: null }), "proof/StateNotProven"],
  ["invents one", (records) => records.with(2, { ...records[2]!, value: records[0]!.value }), "proof/StateNotProven"],
  ["gives one the value of another", (records) => records.with(1, { ...records[1]!, value: records[0]!.value }), "proof/StateNotProven"],
  ["gives one the proof of another", (records) => records.with(1, { ...records[1]!, proof: records[0]!.proof }), "proof/StateNotProven"],
  ["gives a proof that is none", (records) => records.with(1, { ...records[1]!, proof: "00" }), "proof/StateNotProven"],
] satisfies [string, NonNullable<Lies["alterRecords"]>, string][])("finds out a node that %s", async (_, alterRecords, id) => {
  await expect(read({ alterRecords })).rejects.toMatchObject({ id });
});

it("finds out a node that proves an older state under the header of another height", async () => {
  const alterProof: Lies["alterProof"] = (proof) => ({ ...proof, height: proof.height - 1 });
  await expect(read({ alterProof })).rejects.toMatchObject({ id: "proof/WrongHeight" });
});
