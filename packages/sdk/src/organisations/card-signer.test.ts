import { expectDone, foundTown, type TestTown, testAccount } from "@galen/ledger/testing/actors";
import { type TestActor, testPasskey } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { p256Coordinates } from "../keys/p256-key.ts";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { appointingMessages, type CardSigner, cardSigner, fetchCardSigner } from "./card-signer.ts";

let town: TestTown;
let signer: CardSigner;
/** The same, as one who signs on the test chain. */
let actor: TestActor;

beforeAll(async () => {
  town = await foundTown();
  signer = cardSigner(accountKeys(new Uint8Array(64).fill(7), 0));
  const { secretKey, creation } = signer;
  actor = { account: signer.account, keys: [{ keyType: "p256", secretKey, publicKey: creation.value.keys[0]!.publicKey }] };
});

const known = (organisation = town.hospital.account, account = signer.account) =>
  fetchCardSigner(provingClient(town.chain), { organisation, signer: account });

const appoint = async (organisation: TestActor) => {
  const messages = appointingMessages(organisation.account, signer, await known(organisation.account));
  await expectDone(town.chain.run([organisation, actor], ...messages));
};

it("is the same for the same keys, and another for others", () => {
  expect(cardSigner(accountKeys(new Uint8Array(64).fill(7), 0)).account).toBe(signer.account);
  expect(cardSigner(accountKeys(new Uint8Array(64).fill(7), 1)).account).not.toBe(signer.account);
  const { x, y } = p256Coordinates(signer.signers[0]!.publicKey);
  expect([x.length, y.length]).toEqual([32, 32]);
});

it("counts from its appointment to its end, and again when it is appointed again", async () => {
  const { hospital, chain } = town;
  expect(await known()).toEqual({ publicKey: undefined, isAppointed: false, isAllied: true });
  await appoint(hospital);
  expect(await known()).toEqual({ publicKey: signer.signers[0]!.publicKey, isAppointed: true, isAllied: true });
  expect(appointingMessages(hospital.account, signer, await known())).toEqual([]);
  const member = { organisation: hospital.account, member: signer.account };
  await expectDone(chain.run(hospital, { type: "accounts.removeMember", value: member }));
  expect(await known()).toMatchObject({ publicKey: expect.any(Uint8Array), isAppointed: false });
  const until = chain.now + 60_000;
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value: { ...member, roles: ["member"], until } }));
  expect(await known()).toMatchObject({ isAppointed: true });
  const later = { ...provingClient(chain), now: () => until };
  expect(await fetchCardSigner(later, { organisation: hospital.account, signer: signer.account })).toMatchObject({ isAppointed: false });
});

it("counts for nothing at a house that is not of the alliance", async () => {
  await expectDone(
    town.chain.run(town.board, {
      type: "accounts.setMember",
      value: { organisation: town.board.account, member: signer.account, roles: ["member"] },
    }),
  );
  expect(await known(town.board.account)).toMatchObject({ isAppointed: true, isAllied: false });
});

it("is no other key of the house's people, whatever they call their account", async () => {
  const { hospital, chain } = town;
  const nurse = testAccount("nurse", { kind: "service", keys: [testPasskey("nurse")] });
  const member = { organisation: hospital.account, member: nurse.account, roles: ["nurse"] };
  await expectDone(chain.run([nurse, hospital], nurse.create, { type: "accounts.setMember", value: member }));
  expect(await known(hospital.account, nurse.account)).toEqual({ publicKey: undefined, isAppointed: true, isAllied: true });
  expect(await known(hospital.account, town.clinician.account)).toMatchObject({ publicKey: undefined });
});

it("cannot be made up by the node", async () => {
  const lying = provingClient(town.chain, { alterProof: (proof) => ({ ...proof, value: new Uint8Array([1, 2, 3]) }) });
  const place = { organisation: town.hospital.account, signer: signer.account };
  await expect(fetchCardSigner(lying, place)).rejects.toMatchObject({ id: expect.stringMatching(/^proof\//) });
});

it.each([0, 1, 32, 33, 65])("refuses %s bytes that are no compressed point", (size) => {
  expect(() => p256Coordinates(new Uint8Array(size).fill(4))).toThrow(RangeError);
});
