import { log, releases } from "@galen/ledger/modules/vault/state";
import {
  foundVaultTown,
  releaseOf,
  requestMessage,
  sealedObject,
  sealMessage,
  type VaultTown,
} from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { beforeAll, expect, it } from "vitest";
import type { StateProof } from "../proofs/state-proof.ts";
import { type Lies, provingClient } from "../proofs/testing/proving-client.ts";
import { releaseLog } from "./release-log.ts";

let town: VaultTown;
let releaseIds: readonly string[];

beforeAll(async () => {
  town = await foundVaultTown();
  const { chain, patient, stranger } = town;
  const object = sealedObject(patient, "document");
  await expectDone(chain.run(patient, sealMessage(object)));
  const asked: string[] = [];
  for (const nonce of ["first", "second", "third"]) {
    const request = requestMessage(chain, stranger, { objectIds: [object.objectId], nonce });
    asked.push(releaseOf(chain, await expectDone(chain.run(stranger, request))).releaseId);
  }
  releaseIds = asked.toReversed();
});

async function read(lies: Lies = {}, owner = town.patient, agoMs = 0, before?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { releaseId } of releaseLog(provingClient(town.chain, lies, agoMs), owner.account, { before })) found.push(releaseId);
  return found;
}

it("is whole and proven, newest first", async () => {
  expect(await read()).toEqual(releaseIds);
});

it("goes on below an entry, proven too", async () => {
  expect(await read({}, town.patient, 0, 2)).toEqual(releaseIds.slice(1));
  expect(await read({}, town.patient, 0, 0)).toEqual([]);
  const heightOf = (key: string) => (key === log.entries.keyOf(town.patient.account, 1) ? 1 : undefined);
  await expect(read({ heightOf }, town.patient, 0, 2)).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});

it("of somebody whom nobody asked is proven to be empty", async () => {
  expect(await read({}, town.neighbour)).toEqual([]);
});

it("of long ago is not taken for the present", async () => {
  expect(await read({}, town.patient, 899_000)).toEqual(releaseIds);
  await expect(read({}, town.patient, 901_000)).rejects.toMatchObject({ id: "proof/Stale" });
});

const before = () => town.chain.ledger.height - 1;
it.each([
  ["leaves out the newest entry", () => log.entries.keyOf(town.patient.account, 2)],
  ["leaves out what the newest entry names", () => releases.keyOf(releaseIds[0]!)],
])("a node that %s is found out", async (_, keyOf) => {
  const heightOf = (key: string) => (key === keyOf() ? before() : undefined);
  await expect(read({ heightOf })).rejects.toMatchObject({ id: "proof/EntryWithheld" });
});

it.each([
  ["counts fewer", () => log.counts.keyOf(town.patient.account), () => log.counts.encode({ count: 2 })],
  ["names another release", () => log.entries.keyOf(town.patient.account, 2), () => log.entries.encode({ releaseId: releaseIds[1]! })],
  [
    "names another reader",
    () => releases.keyOf(releaseIds[0]!),
    () => releases.encode({ ...releases.get(town.chain.ledger.read(), releaseIds[0]!)!, reader: town.nurse.account }),
  ],
])("a node that %s is found out", async (_, keyOf, forged) => {
  const alterProof = (proof: StateProof) => (proof.key === keyOf() ? { ...proof, value: forged() } : proof);
  await expect(read({ alterProof })).rejects.toMatchObject({ id: "proof/StateNotProven" });
});

it("by the node's word ends, also when the node's list does not", async () => {
  const told = async (alterResult: (result: unknown) => unknown, before?: number) => {
    const client = { ...provingClient(town.chain, { alterResult }), trust: undefined };
    const found: string[] = [];
    for await (const { releaseId } of releaseLog(client, town.patient.account, { before })) found.push(releaseId);
    return found;
  };
  expect(await told((result) => result)).toEqual(releaseIds);
  expect(await told((result) => result, 2)).toEqual(releaseIds.slice(1));
  let first: unknown;
  await expect(
    told((result) => {
      const { releases: listed } = result as { releases: readonly unknown[] };
      first ??= { ...(result as object), releases: listed.slice(0, 1) };
      return first;
    }),
  ).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
});
