import { describe, expect, it } from "vitest";
import { expectDone, foundTown, LICENCE_ID, type TestTown, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestChain, testBytes } from "../../testing/chain.ts";
import { refusalOf, refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { bestStanding, isValidAt, standingAt, validCredential } from "./index.ts";
import { MAX_CHANGES, MAX_HELD } from "./schema.ts";
import { credentials } from "./state.ts";

const HOUR_MS = 3_600_000;
/** Everything of the town lies after this: 2023-11-14T22:13:20Z. */
const FOUNDED_AT = 1_700_000_000_000;
const FAR_AT = FOUNDED_AT + 10_000 * HOUR_MS;

const [hospital, board] = [testAccount("hospital", { kind: "organisation" }), testAccount("board", { kind: "organisation" })];
const [clinician, patient, stranger] = [testAccount("clinician"), testAccount("patient"), testAccount("stranger")];

const message = (type: string, value: object): Message => ({ type: `credentials.${type}`, value });
const issue = (name: string, changes: object = {}) =>
  message("issue", {
    credentialId: testBytes(name),
    holder: clinician.account,
    credentialType: "practitioner-licence",
    claimsHash: testBytes(`${name}/claims`),
    validFrom: FOUNDED_AT,
    validUntil: FAR_AT,
    ...changes,
  });
const change = (type: string, from: number, credentialId = LICENCE_ID) => message(type, { credentialId, from, reasonCode: "safety" });
const suspend = (from = FOUNDED_AT) => change("suspend", from);
const revoke = (from = FOUNDED_AT) => change("revoke", from);
const reinstate = message("reinstate", { credentialId: LICENCE_ID });
const registerBoard = (...credentialTypes: readonly string[]): Message => ({
  type: "governance.registerIssuer",
  value: { issuer: board.account, credentialTypes },
});
const removeBoard: Message = { type: "governance.removeIssuer", value: { issuer: board.account } };

async function townAfter(...steps: readonly Message[]): Promise<TestChain> {
  const { chain } = await foundTown();
  for (const step of steps) await expectDone(chain.run(step.type.startsWith("governance.") ? hospital : board, step));
  return chain;
}

describe("issuing", () => {
  it("needs an end that is still to come", async () => {
    const chain = await townAfter();
    const until = (validUntil: number) => refusalOf(chain, [board], [issue("new", { validFrom: 0, validUntil })]);
    expect([until(chain.ledger.time), until(chain.ledger.time + 1)]).toEqual(["credentials/ExpiryInPast", undefined]);
  });

  refusalTable(
    () => townAfter(),
    [
      ["by the registered issuer", undefined, [board], issue("new")],
      ["with a scope", undefined, [board], issue("new", { scope: "CH" })],
      ["by another", "credentials/NotRegistered", [clinician], issue("new")],
      ["by the second signer", "credentials/NotRegistered", [clinician, board], issue("new")],
      ["of a type that is not registered", "credentials/NotRegistered", [board], issue("new", { credentialType: "degree" })],
      ["to nobody", "accounts/UnknownAccount", [board], issue("new", { holder: stranger.account })],
      ["a second time", "credentials/AlreadyIssued", [board], issue("licence")],
      ["that ends before it starts", "credentials/EndsBeforeStart", [board], issue("new", { validFrom: FAR_AT, validUntil: FAR_AT })],
      ["that has expired", "credentials/ExpiryInPast", [board], issue("new", { validFrom: 0, validUntil: FOUNDED_AT })],
    ],
  );
  refusalTable(() => townAfter(removeBoard), [["by an issuer that was removed", "credentials/NotRegistered", [board], issue("new")]]);
});

describe("a valid credential", () => {
  refusalTable(
    () => townAfter(),
    [
      ["is suspended by its issuer", undefined, [board], suspend()],
      ["is suspended by another", "credentials/NotIssuer", [clinician], suspend()],
      ["is suspended for a cause to come", "credentials/CauseInFuture", [board], suspend(FAR_AT)],
      ["is revoked by its issuer", undefined, [board], revoke()],
      ["is revoked by another", "credentials/NotIssuer", [patient], revoke()],
      ["is revoked for a cause to come", "credentials/CauseInFuture", [board], revoke(FAR_AT)],
      ["is reinstated", "credentials/NotSuspended", [board], reinstate],
      ["that nobody issued", "credentials/UnknownCredential", [board], change("revoke", FOUNDED_AT, testBytes("none"))],
    ],
  );
});

describe("a suspended credential", () => {
  refusalTable(
    () => townAfter(suspend()),
    [
      ["is suspended again", "credentials/AlreadySuspended", [board], suspend()],
      ["is reinstated by its issuer", undefined, [board], reinstate],
      ["is reinstated by its holder", "credentials/NotIssuer", [clinician], reinstate],
      ["is revoked", undefined, [board], revoke()],
    ],
  );
});

describe("a revoked credential", () => {
  refusalTable(
    () => townAfter(revoke()),
    [
      ["is revoked again", "credentials/Revoked", [board], revoke()],
      ["is suspended", "credentials/Revoked", [board], suspend()],
      ["is reinstated", "credentials/Revoked", [board], reinstate],
    ],
  );
});

describe("the credential of an issuer that was removed", () => {
  refusalTable(
    () => townAfter(suspend(), removeBoard),
    [
      ["is revoked by it", undefined, [board], revoke()],
      ["is reinstated by it", "credentials/NotRegistered", [board], reinstate],
    ],
  );
});

describe("what a credential is worth", () => {
  /** Steps an hour apart, the first at hour 1; then what the licence is worth at the half hours after issue and each step, and at the end. */
  const suspendedAgo = (hours: number) => (now: number) => suspend(now - hours * HOUR_MS);
  const revokedAgo = (hours: number) => (now: number) => revoke(now - hours * HOUR_MS);
  const always = (step: Message) => () => step;
  type Timeline = readonly [name: string, steps: readonly ((now: number) => Message)[], standings: readonly string[]];
  const timelines: readonly Timeline[] = [
    ["as issued", [], ["valid"]],
    ["suspended", [suspendedAgo(0)], ["valid", "suspended"]],
    ["suspended from a cause date before", [suspendedAgo(1)], ["suspended", "suspended"]],
    ["suspended and reinstated", [suspendedAgo(0), always(reinstate)], ["valid", "suspended", "valid"]],
    ["suspended twice", [suspendedAgo(0), always(reinstate), suspendedAgo(0)], ["valid", "suspended", "valid", "suspended"]],
    ["suspended, reinstated, revoked", [suspendedAgo(0), always(reinstate), revokedAgo(0)], ["valid", "suspended", "valid", "revoked"]],
    [
      "revoked back beyond a reinstatement",
      [suspendedAgo(0), always(reinstate), revokedAgo(2)],
      ["valid", "revoked", "revoked", "revoked"],
    ],
    ["its issuer removed", [always(removeBoard)], ["valid", "issuer-removed"]],
    [
      "its issuer removed and registered again",
      [always(removeBoard), always(registerBoard("practitioner-licence"))],
      ["valid", "issuer-removed", "valid"],
    ],
    ["its issuer registered for another type only", [always(registerBoard("degree"))], ["valid", "issuer-removed"]],
    ["suspended while its issuer is removed", [suspendedAgo(0), always(removeBoard)], ["valid", "suspended", "suspended"]],
  ];
  it.each(timelines)("%s", async (_name, steps, standings) => {
    const { chain } = await foundTown();
    const issuedAt = credentials.get(chain.ledger, LICENCE_ID)!.issuedAt;
    for (const [i, stepAt] of steps.entries()) {
      chain.now = issuedAt + (i + 1) * HOUR_MS;
      const step = stepAt(chain.now);
      await expectDone(chain.run(step.type.startsWith("governance.") ? hospital : board, step));
    }
    const licence = credentials.get(chain.ledger, LICENCE_ID)!;
    expect(standings.map((_, i) => standingAt(chain.ledger, licence, issuedAt + (i + 0.5) * HOUR_MS))).toEqual(standings);
    await chain.checkInvariants();
    await chain.checkReplay();
  });

  it("depends on its own time, to the millisecond", async () => {
    const chain = await townAfter();
    const licence = credentials.get(chain.ledger, LICENCE_ID)!;
    const times = [licence.validFrom - 1, licence.validFrom, licence.validUntil - 1, licence.validUntil];
    expect(times.map((at) => standingAt(chain.ledger, licence, at))).toEqual(["not-yet-valid", "valid", "valid", "expired"]);
    expect(times.map((at) => isValidAt(chain.ledger, LICENCE_ID, at))).toEqual([false, true, true, false]);
  });

  it("is vouched for by its issuer for times before the issuing, even before the issuer was registered", async () => {
    const chain = await townAfter(issue("old", { validFrom: 1_000 }));
    expect(isValidAt(chain.ledger, testBytes("old"), 1_000)).toBe(true);
  });

  it("is nothing when nobody issued it", async () => {
    const chain = await townAfter();
    expect(isValidAt(chain.ledger, testBytes("none"))).toBe(false);
  });
});

describe("who is qualified", () => {
  const licenceOf = (town: TestTown, at?: number) =>
    validCredential(town.chain.ledger, town.clinician.account, "practitioner-licence", at)?.credentialId;

  it("a suspended licence stops the very next act", async () => {
    const town = await foundTown();
    expect(licenceOf(town)).toBe(LICENCE_ID);
    await expectDone(town.chain.run(board, suspend(town.chain.now)));
    expect(licenceOf(town)).toBeUndefined();
    expect(bestStanding(town.chain.ledger, town.clinician.account, "practitioner-licence")).toBe("suspended");
    expect(licenceOf(town, town.chain.ledger.time - 1)).toBe(LICENCE_ID);
    await expectDone(town.chain.run(board, reinstate));
    expect(licenceOf(town)).toBe(LICENCE_ID);
  });

  it("another valid licence of the same type will do, other types and other holders will not", async () => {
    const town = await foundTown();
    await expectDone(town.chain.run(board, issue("second"), revoke(town.chain.now)));
    expect(licenceOf(town)).toBe(testBytes("second"));
    expect(bestStanding(town.chain.ledger, town.clinician.account, "practitioner-licence")).toBe("valid");
    expect(bestStanding(town.chain.ledger, town.clinician.account, "degree")).toBeUndefined();
    expect(validCredential(town.chain.ledger, town.clinician.account, "degree")).toBeUndefined();
    expect(validCredential(town.chain.ledger, town.patient.account, "practitioner-licence")).toBeUndefined();
  });

  it("one holder has at most 64 unexpired credentials of a type, not counting those of removed issuers", async () => {
    const { chain } = await foundTown();
    const soon = chain.now + HOUR_MS;
    const many = Array.from({ length: MAX_HELD - 1 }, (_, i) => issue(`many-${i}`, { validUntil: soon }));
    await expectDone(chain.run(board, ...many));
    expect((await chain.run(board, issue("more"))).refusal?.id).toBe("credentials/TooManyHeld");
    await expectDone(chain.run(board, issue("of another holder", { holder: patient.account })));
    chain.now = soon;
    await expectDone(chain.run(board, issue("more")));
  });

  it("a removed issuer leaves the holder's places free", async () => {
    const { chain } = await foundTown();
    await expectDone(chain.run(board, ...Array.from({ length: MAX_HELD - 1 }, (_, i) => issue(`many-${i}`))));
    const successor = testAccount("successor", { kind: "organisation" });
    const types = { issuer: successor.account, credentialTypes: ["practitioner-licence"] };
    await expectDone(chain.run([hospital, successor], successor.create, { type: "governance.registerIssuer", value: types }, removeBoard));
    await expectDone(chain.run(successor, issue("successor's")));
    expect(validCredential(chain.ledger, clinician.account, "practitioner-licence")?.credentialId).toBe(testBytes("successor's"));
  });
});

it("a full history still takes a suspension and a revocation", async () => {
  const chain = await townAfter();
  for (let changes = 0; changes < MAX_CHANGES - 2; changes += 2) {
    await expectDone(chain.run(board, suspend(chain.now)));
    if (changes < MAX_CHANGES - 4) await expectDone(chain.run(board, reinstate));
  }
  await expectDone(chain.run(board, reinstate));
  await expectDone(chain.run(board, suspend(chain.now)));
  expect((await chain.run(board, reinstate)).refusal?.id).toBe("credentials/HistoryFull");
  await chain.checkInvariants();
  await expectDone(chain.run(board, revoke(chain.now)));
  expect(credentials.get(chain.ledger, LICENCE_ID)?.changes).toHaveLength(MAX_CHANGES);
  await chain.checkInvariants();
});

describe("queries", () => {
  it("tell a credential with its standing, now or at a time", async () => {
    const chain = await townAfter(suspend());
    expect(ask(chain, "credentials.credential", { credentialId: LICENCE_ID })).toMatchObject({
      standing: "suspended",
      at: chain.ledger.time,
    });
    expect(ask(chain, "credentials.credential", { credentialId: LICENCE_ID, at: 1 })).toMatchObject({ standing: "not-yet-valid", at: 1 });
    expect(() => ask(chain, "credentials.credential", { credentialId: testBytes("none") })).toThrow("credentials/UnknownCredential");
  });

  it("list what a holder has, the first to expire first", async () => {
    const chain = await townAfter(issue("second"));
    const asked = { holder: clinician.account, credentialType: "practitioner-licence" };
    const ids = (at?: number) =>
      (
        ask(chain, "credentials.held", { ...asked, ...(at !== undefined && { at }) }) as {
          credentials: { credential: { credentialId: string } }[];
        }
      ).credentials.map(({ credential }) => credential.credentialId);
    expect([ids(), ids(FAR_AT)]).toEqual([[testBytes("second"), LICENCE_ID], [LICENCE_ID]]);
  });
});
