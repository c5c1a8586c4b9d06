import { describe, expect, it } from "vitest";
import { expectDone, foundingBy, foundingVersion, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestChain } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { tokensModule } from "./index.ts";
import { MAX_SUPPLY } from "./schema.ts";
import { escrowModule } from "./testing/escrow-module.ts";

const version = { ...foundingVersion, modules: [...foundingVersion.modules, tokensModule, escrowModule] };
const [north, east] = [testAccount("north", { kind: "organisation" }), testAccount("east", { kind: "organisation" })];
const [ann, nobody] = [testAccount("ann"), testAccount("nobody")];
const tokenKind = "shares";

const register = (kind: string): Message => ({ type: "tokens.register", value: { tokenKind: kind } });
const mint = (to: { account: string }, amount: number, kind = tokenKind): Message => ({
  type: "tokens.mint",
  value: { tokenKind: kind, account: to.account, amount },
});
const transfer = (from: { account: string }, to: { account: string }, amount: number): Message => ({
  type: "tokens.transfer",
  value: { tokenKind, sender: from.account, recipient: to.account, amount },
});

/** Two members who decide together; ann holds 100 shares. */
async function foundMint(): Promise<TestChain> {
  const chain = await createTestChain({ version, modules: foundingBy(north, east) });
  await expectDone(chain.run(ann, ann.create));
  await expectDone(chain.run([north, east], register(tokenKind), mint(ann, 100)));
  return chain;
}

describe("tokens", () => {
  refusalTable(foundMint, [
    ["registered", undefined, [north, east], register("points")],
    ["registered by one of two", "governance/NotDecided", [north], register("points")],
    ["registered twice", "tokens/KindExists", [north, east], register(tokenKind)],
    ["minted", undefined, [north, east], mint(ann, 5)],
    ["minted by one of two", "governance/NotDecided", [north], mint(ann, 5)],
    ["minted by the one who would have them", "governance/NotDecided", [ann], mint(ann, 5)],
    ["minted of no kind", "tokens/UnknownKind", [north, east], mint(ann, 5, "points")],
    ["minted for nobody", "accounts/UnknownAccount", [north, east], mint(nobody, 5)],
    ["minted up to the limit", undefined, [north, east], mint(ann, MAX_SUPPLY - 100)],
    ["minted beyond the limit", "tokens/SupplyExceeded", [north, east], mint(ann, MAX_SUPPLY - 99)],
    ["given", undefined, [ann], transfer(ann, north, 100)],
    ["taken by another", "tokens/NotHolder", [north, east], transfer(ann, north, 1)],
    ["given that are not there", "tokens/InsufficientBalance", [ann], transfer(ann, north, 101)],
    ["given twice in one transaction", "tokens/InsufficientBalance", [ann], transfer(ann, north, 60), transfer(ann, east, 60)],
    ["given to nobody", "accounts/UnknownAccount", [ann], transfer(ann, nobody, 1)],
    ["given to oneself", "tokens/SameAccount", [ann], transfer(ann, ann, 1)],
  ]);
});

it("burning lowers what exists, and room for it is free again", async () => {
  const chain = await foundMint();
  const parcel = { tokenKind, account: ann.account, pot: "escrow.left", to: "escrow.right", amount: 40 };
  await expectDone(chain.run(ann, { type: "escrow.hold", value: parcel }, { type: "escrow.burn", value: parcel }));
  expect(ask(chain, "tokens.kind", { tokenKind })).toMatchObject({ supply: 60 });
  expect(ask(chain, "tokens.balance", { tokenKind, account: ann.account })).toEqual({ amount: 60 });
  await expectDone(chain.run([north, east], mint(ann, MAX_SUPPLY - 60)));
  await chain.checkInvariants();
});

it("no pot holds a kind that is not registered", async () => {
  const chain = await foundMint();
  const parcel = { tokenKind: "points", account: ann.account, pot: "escrow.left", to: "escrow.right", amount: 1 };
  expect((await chain.run(ann, { type: "escrow.hold", value: parcel })).refusal?.id).toBe("tokens/UnknownKind");
});

it("queries tell kinds and balances", async () => {
  const chain = await foundMint();
  await expectDone(chain.run([north, east], register("points")));
  expect(ask(chain, "tokens.kinds")).toMatchObject({
    issues: [
      { tokenKind: "points", supply: 0 },
      { tokenKind, supply: 100 },
    ],
  });
  expect(ask(chain, "tokens.kinds", { from: "q" })).toMatchObject({ issues: [{ tokenKind }] });
  expect(ask(chain, "tokens.balance", { tokenKind, account: north.account })).toEqual({ amount: 0 });
  expect(() => ask(chain, "tokens.balance", { tokenKind: "none", account: north.account })).toThrow("tokens/UnknownKind");
});
