import { describe, expect, it } from "vitest";
import { defaultParameters, parameters } from "../../app/parameters.ts";
import { expectDone, foundingBy, foundingVersion, type TestAccount, testAccount, testAuthority } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestActor, type TestChain, testKey } from "../../testing/chain.ts";
import { refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import type { CredentialType } from "./index.ts";
import { MAX_APPROVALS, MAX_ISSUER_CHANGES } from "./schema.ts";
import { allMembers, approvalsNeeded, canDecide, issuableTypes } from "./state.ts";

const organisation = (name: string) => testAccount(name, { kind: "organisation" });
const founders = ["north", "east", "south", "west"].map(organisation) as [TestAccount, TestAccount, TestAccount, TestAccount];
const [north, east, south, west] = founders;
/** Three of four are more than two thirds. */
const enough = [north, east, south];
const [clinic, board, doctor] = [organisation("clinic"), organisation("board"), testAccount("doctor")];
const nobody = organisation("nobody");

const message = (type: string, value: object): Message => ({ type: `governance.${type}`, value });
const admit = ({ account }: TestActor) => message("admitMember", { organisation: account });
const remove = ({ account }: TestActor) => message("removeMember", { organisation: account });
const setParameters = (changes: object) => message("setParameters", { ...defaultParameters, ...changes });
const register = ({ account }: TestActor, ...credentialTypes: readonly CredentialType[]) =>
  message("registerIssuer", { issuer: account, credentialTypes });
const strike = ({ account }: TestActor) => message("removeIssuer", { issuer: account });
const schedule = (height: number, version: number) => message("scheduleUpgrade", { height, version });
const cancel = message("cancelUpgrade", {});

const versions = [1, 2, 3].map((number) => ({ ...foundingVersion, number }));

/** Four founders; a clinic, a licensing board that may issue licences, and a doctor have accounts. */
async function foundAlliance(...then: readonly Message[]): Promise<TestChain> {
  const chain = await createTestChain({ version: versions, modules: foundingBy(...founders) });
  await expectDone(chain.run([clinic, board, doctor], clinic.create, board.create, doctor.create));
  await expectDone(chain.run(enough, register(board, "practitioner-licence")));
  for (const step of then) await expectDone(chain.run(enough, step));
  return chain;
}

describe("a decision", () => {
  refusalTable(
    () => foundAlliance(),
    [
      ["of three of four", undefined, enough, setParameters({ maxBlockBytes: 100_000 })],
      ["of all", undefined, founders, setParameters({ maxBlockBytes: 100_000 })],
      ["of two of four", "governance/NotDecided", [north, east], setParameters({ maxBlockBytes: 100_000 })],
      ["of two and an outsider", "governance/NotDecided", [north, east, clinic], setParameters({ maxBlockBytes: 100_000 })],
      ["of three, one with a false key", "tx/Unauthorised", [north, east, { ...south, keys: [testKey("x")] }], cancel],
      ["of a member for each kind of message: parameters", "governance/NotDecided", [north], setParameters({})],
      ["issuer", "governance/NotDecided", [north], register(clinic, "degree")],
      ["removal of an issuer", "governance/NotDecided", [north], strike(board)],
      ["upgrade", "governance/NotDecided", [north], schedule(99, 2)],
      ["cancelling an upgrade", "governance/NotDecided", [north], cancel],
      ["removal of another member", "governance/NotDecided", [north], remove(south)],
      ["admission", "governance/NotDecided", [north, clinic], admit(clinic)],
    ],
  );

  const needed: readonly (readonly [members: number, needed: number])[] = [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [5, 4],
    [6, 5],
    [7, 5],
    [22, 15],
  ];
  it.each(needed)("of %i members needs %i, by more than two thirds", (members, count) => {
    expect(approvalsNeeded({ numerator: 2, denominator: 3 }, members)).toBe(count);
  });

  const rules: readonly (readonly [name: string, numerator: number, denominator: number, members: number, can: boolean])[] = [
    ["22 members by two thirds", 2, 3, 22, true],
    ["23 members by two thirds: 16 approvals leave no place for a candidate", 2, 3, 23, false],
    ["29 members by half", 1, 2, 29, true],
    ["less than half: two groups could decide against each other", 49, 100, 4, false],
    ["more than all", 1, 1, 4, false],
  ];
  it.each(rules)("%s", (_name, numerator, denominator, members, can) => {
    expect(canDecide({ numerator, denominator }, members)).toBe(can);
  });

  it("of one member is its own", async () => {
    const chain = await createTestChain({ version: foundingVersion, modules: foundingBy(north) });
    await expectDone(chain.run(north, setParameters({ maxBlockBytes: 100_000 })));
    expect((await chain.run(north, remove(north))).refusal?.id).toBe("governance/LastMember");
  });
});

describe("members", () => {
  refusalTable(
    () => foundAlliance(),
    [
      ["admitted", undefined, [...enough, clinic], admit(clinic)],
      ["admitted without its own signature", "governance/CandidateMustSign", enough, admit(clinic)],
      ["admitted a second time", "governance/AlreadyMember", enough, admit(west)],
      ["admitted without an account", "accounts/UnknownAccount", enough, admit(nobody)],
      ["admitted as a person", "governance/NotOrganisation", [...enough, doctor], admit(doctor)],
      ["removed by the others", undefined, enough, remove(west)],
      ["that leave", undefined, [west], remove(west)],
      ["removed that are none", "governance/NotMember", enough, remove(clinic)],
      ["removed by itself that is none", "governance/NotMember", [clinic], remove(clinic)],
    ],
  );

  it("count in decisions from the next transaction on", async () => {
    const chain = await foundAlliance();
    await expectDone(chain.run([...enough, clinic], admit(clinic)));
    expect((await chain.run(enough, cancel)).refusal?.id).toBe("governance/NotDecided");
    expect((await chain.run([...enough, clinic], cancel)).refusal?.id).toBe("governance/NoUpgrade");
    await expectDone(chain.run(west, remove(west)));
    expect((await chain.run([...enough, west], cancel)).refusal?.id).toBe("governance/NoUpgrade");
    expect(allMembers(chain.ledger).map((member) => member.organisation)).not.toContain(west.account);
    await chain.checkInvariants();
  });

  it("are never more than can decide in one transaction", async () => {
    const many = Array.from({ length: 22 }, (_, i) => organisation(`many-${i}`));
    const chain = await createTestChain({ version: foundingVersion, modules: foundingBy(...many) });
    await expectDone(chain.run(clinic, clinic.create));
    expect((await chain.run([...many.slice(0, MAX_APPROVALS), clinic], admit(clinic))).refusal?.id).toBe("governance/AllianceFull");
  });
});

describe("the founding", () => {
  const part = foundingBy(...founders).governance;
  const broken: readonly (readonly [name: string, governance: unknown, message: string])[] = [
    ["no part of it", undefined, "genesis"],
    ["no member", { ...part, members: [] }, "/members"],
    ["a person as member", { ...part, members: [doctor.founding] }, "kind organisation"],
    ["a member twice", { ...part, members: [north.founding, north.founding] }, "accounts/AlreadyExists"],
    [
      "keys that do not suffice",
      { ...part, members: [{ ...north.founding, ...testAuthority("n", [testKey("n")], 2) }] },
      "accounts/Threshold",
    ],
    [
      "too many members for the rule",
      { ...part, members: Array.from({ length: 23 }, (_, i) => organisation(`f-${i}`).founding) },
      "at most 15",
    ],
    ["a rule of a third", { ...part, decision: { numerator: 1, denominator: 3 } }, "more than half"],
  ];
  it.each(broken)("is refused with %s", async (_name, governance, reason) => {
    await expect(createTestChain({ version: foundingVersion, modules: { governance } })).rejects.toThrow(reason);
  });
});

describe("issuers", () => {
  refusalTable(
    () => foundAlliance(),
    [
      ["registered", undefined, enough, register(clinic, "training", "degree")],
      ["registered for other types", undefined, enough, register(board, "practitioner-licence", "specialty")],
      ["registered without an account", "accounts/UnknownAccount", enough, register(nobody, "degree")],
      ["registered for a type twice", "governance/RepeatedType", enough, register(clinic, "degree", "degree")],
      ["registered for the same", "governance/UnchangedIssuer", enough, register(board, "practitioner-licence")],
      ["removed", undefined, enough, strike(board)],
      ["removed that are none", "governance/UnknownIssuer", enough, strike(clinic)],
    ],
  );

  it("have a history that can be asked, and that leaves room for a removal", async () => {
    const chain = await foundAlliance();
    const times: number[] = [];
    for (let changes = 1; changes < MAX_ISSUER_CHANGES - 1; changes += 1) {
      times.push(chain.now);
      await expectDone(chain.run(enough, changes % 2 === 1 ? register(board, "degree", "training") : strike(board)));
    }
    expect(times.slice(0, 3).map((at) => issuableTypes(chain.ledger, board.account, at))).toEqual([
      ["degree", "training"],
      [],
      ["degree", "training"],
    ]);
    expect(issuableTypes(chain.ledger, board.account, times[0]! - 1)).toEqual(["practitioner-licence"]);
    expect((await chain.run(enough, register(board, "degree"))).refusal?.id).toBe("governance/HistoryFull");
    await chain.checkInvariants();
  });
});

describe("upgrades", () => {
  refusalTable(
    () => foundAlliance(),
    [
      ["planned", undefined, enough, schedule(5, 2)],
      ["planned for the next block", "governance/TooSoon", enough, schedule(4, 2)],
      ["planned to the present version", "governance/NotNewer", enough, schedule(9, 1)],
      ["cancelled that are not planned", "governance/NoUpgrade", enough, cancel],
    ],
  );
  refusalTable(
    () => foundAlliance(schedule(9, 2)),
    [
      ["planned twice", "governance/UpgradePlanned", enough, schedule(12, 3)],
      ["cancelled", undefined, enough, cancel],
      ["cancelled and planned anew", undefined, enough, cancel, schedule(12, 3)],
    ],
  );

  it("take over at their height", async () => {
    const chain = await foundAlliance(schedule(5, 2));
    expect([chain.ledger.height, chain.ledger.version.number]).toEqual([3, 1]);
    await chain.block();
    expect(chain.ledger.version.number).toBe(2);
    expect((await chain.run(enough, cancel)).refusal?.id).toBe("governance/NoUpgrade");
    expect((await chain.run(enough, schedule(8, 2))).refusal?.id).toBe("governance/NotNewer");
    await chain.checkReplay();
  });
});

it("parameters count from the next transaction on", async () => {
  const chain = await foundAlliance(setParameters({ maxTransactionLifetimeMs: 60_000 }));
  expect(parameters.get(chain.ledger, "current")).toEqual({ ...defaultParameters, maxTransactionLifetimeMs: 60_000 });
  const { txResults } = await chain.block(chain.sign([north], [cancel], chain.now + 60_001));
  expect(txResults[0]?.refusal?.id).toBe("tx/ExpiryTooFar");
});

it("queries tell who decides, what counts, who issues and what is planned", async () => {
  const chain = await foundAlliance(register(clinic, "degree"), schedule(99, 2));
  const members = allMembers(chain.ledger);
  expect(members.map((member) => member.organisation).toSorted()).toEqual(founders.map(({ account }) => account).toSorted());
  expect(ask(chain, "governance.members")).toEqual({ members, decision: { numerator: 2, denominator: 3 }, approvalsNeeded: 3 });
  expect(ask(chain, "governance.parameters")).toEqual(defaultParameters);
  expect(ask(chain, "governance.issuer", { issuer: clinic.account })).toMatchObject({ changes: [{ credentialTypes: ["degree"] }] });
  expect(() => ask(chain, "governance.issuer", { issuer: north.account })).toThrow("governance/UnknownIssuer");

  const [first, second] = [board.account, clinic.account].toSorted() as [string, string];
  expect(ask(chain, "governance.issuers")).toMatchObject({ issuers: [{ issuer: first }, { issuer: second }] });
  expect(ask(chain, "governance.issuers", { from: second })).toMatchObject({ issuers: [{ issuer: second }] });
  expect(ask(chain, "governance.upgrade")).toEqual({ version: 1, planned: { height: 99, version: 2 } });
  await expectDone(chain.run(enough, cancel));
  expect(ask(chain, "governance.upgrade")).toEqual({ version: 1 });
});
