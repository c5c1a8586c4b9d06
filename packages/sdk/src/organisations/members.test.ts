import { expectDone, foundTown, type TestTown } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import { beforeAll, expect, it } from "vitest";
import { createEd25519Signer } from "../keys/signer.ts";
import { provingClient } from "../proofs/testing/proving-client.ts";
import { listMembers } from "./members.ts";

let town: TestTown;

beforeAll(async () => {
  town = await foundTown();
  const { chain, hospital, patient, board } = town;
  const value = { organisation: hospital.account, member: patient.account, roles: ["member", "nurse"], until: chain.now + 90_000 };
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value }));
  await expectDone(chain.run(hospital, { type: "accounts.setMember", value: { ...value, member: board.account } }));
  const gone = { organisation: hospital.account, member: board.account };
  await expectDone(chain.run(hospital, { type: "accounts.removeMember", value: gone }));
});

/** What the hospital is told by a node whose list is `answer`, and whose state is the real one. */
async function listFrom(answer: unknown, asked: string[] = []) {
  const proving = provingClient(town.chain);
  const client: typeof proving = {
    ...proving,
    async fetch(input, init) {
      const { url } = new Request(input, init);
      if (!url.includes("/v1/members")) return proving.fetch(input, init);
      asked.push(url);
      return Response.json(answer);
    },
  };
  const signers = [await createEd25519Signer(town.hospital.keys[0]!.secretKey)];
  const as = { account: town.hospital.account, signers };
  return listMembers(client, { as, organisation: as.account, before: 7, limit: 500 });
}

const page = (...items: readonly unknown[]) => ({ height: 3, items, next: null });

it("tells roles and ends as the ledger has them, whatever the list says of them", async () => {
  const { patient, clinician, hospital } = town;
  const asked: string[] = [];
  const listed = [
    { member: patient.account, roles: ["administrator"], until: null },
    { member: clinician.account, roles: [], until: 1 },
  ];
  const { items } = await listFrom(page(...listed), asked);
  expect(items).toEqual([
    { member: patient.account, roles: ["member", "nurse"], until: expect.any(Number) },
    { member: clinician.account, roles: ["clinician"] },
  ]);
  expect(asked).toEqual([`http://node.test/v1/members?organisation=${hospital.account}&before=7&limit=100`]);
});

it.each([
  ["somebody who was never there", () => testBytes("stranger")],
  ["somebody who has left", () => town.board.account],
])("leaves out %s", async (_, member) => {
  expect((await listFrom(page({ member: member() }, { member: town.clinician.account }))).items).toHaveLength(1);
});

it("asks for no proof of nobody", async () => {
  expect(await listFrom(page())).toEqual({ height: 3, items: [], next: null });
});

it.each([
  ["no account", { member: 7 }],
  ["a short one", { member: "ab" }],
  ["an empty one", { member: "" }],
  ["one that leads elsewhere", { member: "../../governance/members" }],
])("refuses a list with %s", async (_, item) => {
  await expect(listFrom(page(item))).rejects.toMatchObject({ id: "client/UnexpectedAnswer" });
});
