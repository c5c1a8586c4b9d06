import { encodeStateProof } from "@galen/ledger/store/proof";
import { expectDone, foundTown, type TestTown, testAccount, testAuthority } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { type Lies, provingClient } from "../proofs/testing/proving-client.ts";
import { type OwnAccount, ownAccount } from "../transactions/own-account.ts";
import { accountsOfKeys, openedAccount } from "./accounts-of-keys.ts";

/** Its keys were given to the town's patient; itself it is not on the ledger. */
let given: OwnAccount;
/** On the ledger, with the keys that founded it. */
let founded: OwnAccount;
let town: TestTown;
const shared = testAccount("shares the key");
const unread = testAccount("has another record key");
const decoy = testAccount("decoy");

const keysOf = (fill: number) => accountKeys(new Uint8Array(64).fill(fill), 0);

beforeAll(async () => {
  town = await foundTown();
  [given, founded] = await Promise.all([ownAccount(keysOf(1)), ownAccount(keysOf(2))]);
  const { chain, patient } = town;
  const { keys, threshold, recordKey } = given.creation.value;
  const rotate = (account: string, authority: object) => ({ type: "accounts.rotateKeys", value: { account, threshold, ...authority } });
  await expectDone(chain.run([shared, unread, decoy], shared.create, unread.create, decoy.create));
  await expectDone(chain.run(patient, rotate(patient.account, { keys, recordKey })));
  await expectDone(chain.run(shared, rotate(shared.account, { keys: [...keys, ...testAuthority("thief").keys], recordKey })));
  await expectDone(chain.run(unread, rotate(unread.account, { keys, recordKey: testBytes("record key of the thief") })));
  const mine = founded.creation.value;
  const signer = { account: founded.account, keys: [{ keyType: "ed25519" as const, ...keyPairOf(founded) }] };
  await expectDone(chain.run(signer, founded.creation));
  await expectDone(chain.run(decoy, rotate(decoy.account, { keys: mine.keys, recordKey: mine.recordKey })));
});

function keyPairOf({ keys: { signing }, creation }: OwnAccount) {
  return { secretKey: signing.secretKey, publicKey: creation.value.keys[0]!.publicKey };
}

/** What is found with a node that lists these accounts, and whose state is the real one but for its lies. */
async function foundBy(own: OwnAccount, items: unknown, { asked = [], ...lies }: Lies & { readonly asked?: string[] } = {}) {
  const proving = provingClient(town.chain, lies);
  const client: typeof proving = {
    ...proving,
    async fetch(input, init) {
      const { pathname, searchParams } = new URL(new Request(input, init).url);
      if (pathname !== "/v1/accounts") return proving.fetch(input, init);
      asked.push(searchParams.get("key")!);
      return Response.json({ height: 3, items });
    },
  };
  return accountsOfKeys(client, own);
}

const listed = (...accounts: readonly unknown[]) => accounts.map((account) => ({ account }));

it("finds the account that was given the keys", async () => {
  const asked: string[] = [];
  expect(await foundBy(given, listed(town.patient.account), { asked })).toEqual([{ account: town.patient.account, kind: "person" }]);
  expect(asked).toEqual([given.creation.value.keys[0]!.publicKey]);
});

it("takes the account that the keys founded, whoever gives theirs the same keys", async () => {
  expect(await foundBy(founded, listed(decoy.account))).toEqual([{ account: founded.account, kind: "person" }]);
});

it("finds none for keys that the ledger does not know", async () => {
  expect(await foundBy(await ownAccount(keysOf(3)), [])).toEqual([]);
});

it.each([
  ["somebody else's", () => town.clinician.account],
  ["one that shares it with a stranger", () => shared.account],
  ["one whose answers a stranger reads", () => unread.account],
  ["one that is not on the ledger", () => testBytes("nobody")],
  ["the same one again", () => town.patient.account],
])("leaves out %s", async (_, account) => {
  expect(await foundBy(given, listed(account(), town.patient.account, account()))).toEqual([
    { account: town.patient.account, kind: "person" },
  ]);
});

it("keeps the order of the list", async () => {
  const both = listed(decoy.account, founded.account);
  const elsewhere = { ...founded, account: testBytes("of another kind") };
  expect(await foundBy(elsewhere, both)).toMatchObject([{ account: decoy.account }, { account: founded.account }]);
});

it("does not believe a node that forges the account's record", async () => {
  const { clinician, patient, chain } = town;
  const forged = chain.ledger.prove(`accounts/records/${patient.account}`).value;
  const alterProof: Lies["alterProof"] = (proof) => (proof.key.endsWith(clinician.account) ? { ...proof, value: forged } : proof);
  await expect(foundBy(given, listed(clinician.account), { alterProof })).rejects.toMatchObject({ id: expect.stringMatching(/^proof\//) });
});

it.each([
  ["no list", undefined],
  ["too long a list", Array(101).fill({ account: testBytes("nobody") })],
  ["no account", [{}]],
  ["a number", listed(7)],
  ["a short one", listed("ab")],
  ["one in capitals", listed(testBytes("nobody").toUpperCase())],
  ["one that leads elsewhere", listed("../../governance/members")],
])("refuses an answer with %s", async (_, items) => {
  await expect(foundBy(given, items)).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
});

it.each([
  ["the account that was given the keys", () => given, () => town.patient.account, true],
  ["the account that the keys founded", () => founded, () => founded.account, true],
  ["an account with other keys", () => given, () => town.clinician.account, false],
  ["an account that shares the key with a stranger", () => given, () => shared.account, false],
  ["an account whose answers a stranger reads", () => given, () => unread.account, false],
  ["an account that is not on the ledger", () => given, () => testBytes("nobody"), false],
])("looks whether keys open %s, by its number, and asks for no list", async (_, own, number, isOpened) => {
  const account = number();
  const opened = await openedAccount(provingClient(town.chain), { account, keys: own().keys });
  expect(opened).toEqual(isOpened ? { account, kind: "person" } : undefined);
});

it("believes no node that says the account of a number is not there, or another's", async () => {
  const { patient, clinician, chain } = town;
  for (const other of [testBytes("nobody"), clinician.account]) {
    const instead = chain.ledger.prove(`accounts/records/${other}`);
    const alterProof: Lies["alterProof"] = (proof) => ({ ...proof, value: instead.value, path: encodeStateProof(instead.proof) });
    await expect(openedAccount(provingClient(chain, { alterProof }), { account: patient.account, keys: given.keys })).rejects.toMatchObject(
      {
        id: expect.stringMatching(/^proof\//),
      },
    );
  }
});
