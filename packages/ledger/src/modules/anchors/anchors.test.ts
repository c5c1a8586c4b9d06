import { describe, expect, it } from "vitest";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain, testBytes } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { anchorsModule } from "./index.ts";

const version = { ...foundingVersion, modules: [...foundingVersion.modules, anchorsModule] };
const [north, east] = [testAccount("north", { kind: "organisation" }), testAccount("east", { kind: "organisation" })];
const ann = testAccount("ann");
/** Blocks of the chain when a case begins. */
const HEIGHT = 2;

const record = (height: number, place = "https://gazette.example/2026-11-27"): Message => ({
  type: "anchors.record",
  value: { height, headerHash: testBytes(`header ${height}`, 32), place },
});

async function foundChain(): Promise<TestChain> {
  const chain = await createTestChain({ version, modules: foundingBy(north) });
  await expectDone(chain.run(ann, ann.create));
  await expectDone(chain.run(east, east.create));
  expect(chain.ledger.height).toBe(HEIGHT);
  return chain;
}

describe("a publication", () => {
  refusalTable(foundChain, [
    ["of the last block, recorded", undefined, [north], record(HEIGHT)],
    ["of the first block, recorded", undefined, [north], record(1)],
    ["of the block that is being made", "anchors/NotFinal", [north], record(HEIGHT + 1)],
    ["of a block to come", "anchors/NotFinal", [north], record(Number.MAX_SAFE_INTEGER)],
    ["told by an organisation that is no member", "anchors/NotMember", [east], record(1)],
    ["told by a person", "anchors/NotMember", [ann], record(1)],
    ["told by a person who has a member sign beside", "anchors/NotMember", [ann, north], record(1)],
  ]);
});

it.each([
  ["no block has height 0", { height: 0 }],
  ["a hash has 32 bytes", { headerHash: "ab" }],
  ["a place has a name", { place: "" }],
  ["a place fits a line", { place: "x".repeat(301) }],
  ["a place holds no control characters", { place: "https://gazette.example\u001b[2J" }],
])("%s", async (_name, change) => {
  const chain = await foundChain();
  const { type, value } = record(1);
  expect(() => chain.sign([north], [{ type, value: { ...(value as object), ...change } }])).toThrow("tx/InvalidMessage");
});

it("anchors are listed from the newest, by pages, with who stated them and when", async () => {
  const chain = await foundChain();
  for (const height of [1, 2, 2]) await expectDone(chain.run(north, record(height, `issue ${chain.ledger.height}`)));
  const all = ask(chain, "anchors.list", { limit: 64 });
  expect(all).toMatchObject({
    total: 3,
    anchors: [
      { number: 2, organisation: north.account, height: 2, headerHash: testBytes("header 2", 32), place: "issue 4" },
      { number: 1, height: 2, place: "issue 3" },
      { number: 0, height: 1, place: "issue 2", recordedAt: chain.executed[2]!.block.time },
    ],
  });
  expect(ask(chain, "anchors.list", { before: 2, limit: 1 })).toMatchObject({ total: 3, anchors: [{ number: 1 }] });
  await chain.checkInvariants();
  await chain.checkReplay();
});

it("what a member stated stays when it has left the alliance, which states nothing more", async () => {
  const chain = await createTestChain({ version, modules: foundingBy(north, east) });
  await chain.advance(1_000);
  await expectDone(chain.run(east, record(1)));
  await expectDone(chain.run([north, east], { type: "governance.removeMember", value: { organisation: east.account } }));
  expect((await chain.run(east, record(2))).refusal?.id).toBe("anchors/NotMember");
  expect(ask(chain, "anchors.list", { limit: 64 })).toMatchObject({ total: 1, anchors: [{ organisation: east.account }] });
});
