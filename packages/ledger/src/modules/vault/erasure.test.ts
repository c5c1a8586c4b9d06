import { describe, expect, it } from "vitest";
import { expectDone, type TestAccount } from "../../testing/actors.ts";
import { testBytes, VALIDATOR } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { houseOf, makeKey, testCustodian } from "../custody/testing/custodians.ts";
import { ask, foundVaultTown, HOUR_MS, releaseOf, requestMessage, sealedObject, sealMessage, type VaultTown } from "./testing/scene.ts";

const objectId = (name: string) => testBytes(`object ${name}`);
const objectIds = ["one", "two"].map(objectId);
const onObjects = (type: string): Message => ({ type: `vault.${type}`, value: { objectIds } });

/** The patient has sealed "one" and "two", and the daughter has read both. */
async function foundRead(options: Parameters<typeof foundVaultTown>[0] = {}): Promise<VaultTown> {
  const town = await foundVaultTown(options);
  const { chain, patient, daughter } = town;
  await expectDone(chain.run(patient, sealMessage(sealedObject(patient, "one"), sealedObject(patient, "two"))));
  await expectDone(chain.run(daughter, requestMessage(chain, daughter, { objectIds, nonce: "read" })));
  return town;
}

const eventsOf = async ({ chain }: VaultTown, by: TestAccount, message: Message) =>
  (await expectDone(chain.run(by, message))).events.map(({ type, data }) => [type, data]);

describe("the event of", () => {
  it("an erasure names every blob, which nodes delete by it, and who erased in whose name", async () => {
    const town = await foundRead();
    const { chain, patient, daughter } = town;
    const dueAt = chain.now + 30 * 24 * HOUR_MS;
    const objects = ["one", "two"].map((name) => ({
      objectId: objectId(name),
      ciphertext: testBytes(`ciphertext ${name}`),
      ownerCapsule: testBytes(`owner capsule ${name}`),
      collectiveCapsule: testBytes(`collective capsule ${name}`),
    }));
    expect(await eventsOf(town, daughter, onObjects("erase"))).toEqual([
      ["vault.erased", { owner: patient.account, erasedBy: daughter.account, dueAt, objects }],
    ]);
  });

  it("a destruction names all the copies that are gone, and whose they were", async () => {
    const town = await foundRead();
    const { daughter } = town;
    expect(await eventsOf(town, daughter, onObjects("attestDestruction"))).toEqual([
      ["vault.copyDestroyed", { holder: daughter.account, objectIds }],
    ]);
  });

  it("a deletion names all the objects whose blobs are gone, and where", async () => {
    const town = await foundRead();
    const { chain, patient, hospital } = town;
    await expectDone(chain.run(patient, onObjects("erase")));
    expect(await eventsOf(town, hospital, onObjects("attestDeletion"))).toEqual([
      ["vault.blobsDeleted", { organisation: hospital.account, objectIds }],
    ]);
  });
});

it("every member states its own deletion, once, whoever has stated one before or since", async () => {
  const town = await foundRead({ count: 2 });
  const { chain, patient, hospital } = town;
  const house = houseOf("custodian 2");
  await expectDone(chain.run(patient, onObjects("erase")));
  for (const member of [hospital, house]) await expectDone(chain.run(member, onObjects("attestDeletion")));
  for (const member of [hospital, house]) expect(refusalOf(chain, [member], [onObjects("attestDeletion")])).toBe("vault/AlreadyStated");
  const { deletions } = ask<{ deletions: { organisation: string }[] }>(chain, "vault.copies", { objectId: objectId("one"), limit: 9 });
  expect(deletions.map(({ organisation }) => organisation)).toEqual([house.account, hospital.account]);
});

it("a release names the key set that was in force when it was asked for, whose custodians answer it", async () => {
  const { chain, hospital, daughter, key } = await foundRead();
  const custodians = [testCustodian("custodian 1", { ...hospital, nodeKey: VALIDATOR })];
  await makeKey(chain, hospital, { custodians, threshold: 1, from: { ...key, dealers: [] } });
  const again = await expectDone(chain.run(daughter, requestMessage(chain, daughter, { objectIds, nonce: "after" })));
  expect(releaseOf(chain, again).release.epoch).toBe(2);
});
