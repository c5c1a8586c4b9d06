import { beforeEach, describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../app/events.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { expectDone, foundingVersion, testAccount, testAuthority } from "../../testing/actors.ts";
import { createTestChain, type TestActor, type TestChain, testKey } from "../../testing/chain.ts";
import type { Message } from "../../tx/transaction.ts";
import { recoveryIdOf } from "./account-id.ts";
import { accountsModule } from "./index.ts";
import { MAX_RECOVERIES_PER_BLOCK } from "./recovery.ts";
import { accounts, recoveries, recoveryQueue } from "./state.ts";

const HOUR_MS = 3_600_000;
const owner = testAccount("owner");
const friends = [testAccount("friend-0"), testAccount("friend-1"), testAccount("friend-2"), testAccount("friend-3")] as const;
const [first, second, third, fourth] = friends;

const message = (type: string, value: object): Message => ({ type: `accounts.${type}`, value: { account: owner.account, ...value } });
const propose = (name: string) => message("startRecovery", testAuthority(name));
const idOf = (name: string) => recoveryIdOf({ account: owner.account, ...testAuthority(name) }, portableCrypto);
const approve = (name: string) => message("approveRecovery", { recoveryId: idOf(name) });
const withdraw = message("withdrawApproval", {});
const guardians = (...named: readonly TestActor[]) =>
  message("setGuardians", { guardians: named.map(({ account }) => account), threshold: 2, delayMs: HOUR_MS });

let chain: TestChain;
const done = (actors: TestActor | readonly TestActor[], ...messages: readonly Message[]) => expectDone(chain.run(actors, ...messages));
const namesOf = (events: readonly LedgerEvent[]) => events.map(({ type }) => type.slice("accounts.".length));
const keyOf = ({ account }: TestActor) => accounts.get(chain.ledger, account)?.keys[0]?.publicKey;
const running = () => recoveries.get(chain.ledger, owner.account)?.running?.recoveryId;

beforeEach(async () => {
  chain = await createTestChain({ version: { ...foundingVersion, modules: [accountsModule] } });
  await done([owner, ...friends], owner.create, ...friends.map(({ create }) => create), guardians(...friends));
});

it("is moved to and fro a few times at most in one transaction, from version 5 on", async () => {
  const toAndFro = (count: number) => Array.from({ length: count }, (_, at) => approve(at % 2 === 0 ? "a" : "b"));
  for (const [number, refusal] of [
    [4, undefined],
    [5, "tx/TooMuchWork"],
  ] as const) {
    chain = await createTestChain({ version: { ...foundingVersion, number, modules: [accountsModule] } });
    await done([owner, ...friends], owner.create, ...friends.map(({ create }) => create), guardians(...friends));
    await done(first, propose("a"));
    await done(second, propose("b"));
    expect((await chain.run(third, ...toAndFro(11))).refusal?.id).toBe(refusal);
    await done(fourth, ...toAndFro(10));
  }
});

/** The block in which the delay of the running recovery is over. */
async function afterDelay() {
  const block = await chain.advance(HOUR_MS);
  await chain.checkInvariants();
  await chain.checkReplay();
  return block;
}

describe("a lost key", () => {
  it("is replaced when enough guardians approve and nobody objects in time", async () => {
    expect(namesOf((await done(first, propose("new"))).events)).toEqual(["recoveryApproved"]);
    const startedAt = chain.now;
    expect(namesOf((await done(second, approve("new"))).events)).toEqual(["recoveryApproved", "recoveryStarted"]);
    const { dueAt } = [...recoveryQueue.entries(chain.ledger, { limit: 1 })][0]![1];
    expect(dueAt).toBe(startedAt + HOUR_MS);

    chain.now = dueAt - 1;
    expect((await chain.block()).events).toEqual([]);
    expect(keyOf(owner)).toBe(testKey("owner").publicKey);

    chain.now = dueAt;
    expect(namesOf((await chain.block()).events)).toEqual(["recovered"]);
    expect(keyOf(owner)).toBe(testKey("new").publicKey);
    expect(accounts.get(chain.ledger, owner.account)?.recordKey).toBe(testAuthority("new").recordKey);
    expect((await chain.run(owner, guardians(first, second))).refusal?.id).toBe("tx/Unauthorised");
    await done({ ...owner, keys: [testKey("new")] }, guardians(first, second));
  });

  it("is replaced at once when they sign together, after the same delay", async () => {
    const { events } = await done([first, second], propose("new"));
    expect(namesOf(events)).toEqual(["recoveryApproved", "recoveryStarted"]);
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("new").publicKey);
  });

  it("is replaced no later when more guardians approve than needed", async () => {
    await done([first, second], propose("new"));
    await chain.advance(HOUR_MS / 2);
    expect(namesOf((await done(third, approve("new"))).events)).toEqual(["recoveryApproved"]);
    expect(namesOf((await chain.advance(HOUR_MS / 2)).events)).toEqual(["recovered"]);
  });

  it("counts a guardian who signs with another one once more only once", async () => {
    await done(first, propose("new"));
    const { events } = await done([first, second], approve("new"));
    expect(events.map(({ data }) => data.approvals)).toEqual([2, undefined]);
    expect(namesOf(events)).toEqual(["recoveryApproved", "recoveryStarted"]);
  });

  it("is replaced when two guardians propose the same keys, not knowing of each other", async () => {
    await done(first, propose("new"));
    await done(second, propose("new"));
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("new").publicKey);
  });

  it("is not replaced by one guardian, however often", async () => {
    await done(first, propose("new"));
    await done(first, propose("newer"));
    expect((await chain.run(first, approve("newer"))).refusal?.id).toBe("accounts/AlreadyApproved");
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("owner").publicKey);
  });

  it("is replaced in spite of a guardian who keeps proposing others", async () => {
    await done(first, propose("first's"));
    await done(second, propose("new"));
    await done(first, propose("first's other"));
    await done(third, approve("new"));
    await done(first, propose("first's third"));
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("new").publicKey);
  });
});

describe("a running recovery ends", () => {
  beforeEach(() => done([first, second], propose("new")));
  const rotation = message("rotateKeys", testAuthority("owner-newer"));
  const byOwner: readonly (readonly [name: string, Message, cause: string])[] = [
    ["when the owner cancels it", message("cancelRecovery", {}), "cancelled"],
    ["when the owner rotates the keys", rotation, "keys-rotated"],
    ["when the owner names other guardians", guardians(third, fourth), "guardians-changed"],
    ["when the owner names the same guardians again", guardians(...friends), "guardians-changed"],
    ["when the owner removes the guardians", message("removeGuardians", {}), "guardians-changed"],
  ];
  it.each(byOwner)("%s", async (_name, step, cause) => {
    const { events } = await done(owner, step);
    expect(events.find(({ type }) => type === "accounts.recoveriesEnded")?.data).toEqual({ account: owner.account, cause });
    expect((await afterDelay()).events).toEqual([]);
    expect(keyOf(owner)).toBe(testKey(step === rotation ? "owner-newer" : "owner").publicKey);
  });

  const byGuardians: readonly (readonly [name: string, Message])[] = [
    ["when a guardian withdraws", withdraw],
    ["when a guardian turns to other keys", propose("other")],
  ];
  it.each(byGuardians)("%s", async (_name, step) => {
    expect(namesOf((await done(second, step)).events)).toContain("recoveryStopped");
    expect((await afterDelay()).events).toEqual([]);
    expect(keyOf(owner)).toBe(testKey("owner").publicKey);
  });

  it("and starts anew with its whole delay when enough approve again", async () => {
    await done(second, withdraw);
    await chain.advance(HOUR_MS / 2);
    await done(third, approve("new"));
    expect((await chain.advance(HOUR_MS / 2)).events).toEqual([]);
    expect(namesOf((await afterDelay()).events)).toEqual(["recovered"]);
  });
});

describe("two recoveries that both have enough", () => {
  beforeEach(async () => {
    await done([first, second], propose("new"));
    await done([third, fourth], propose("other"));
  });

  it("the one that had it first runs", async () => {
    expect(running()).toBe(idOf("new"));
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("new").publicKey);
    expect(recoveries.get(chain.ledger, owner.account)).toBeUndefined();
  });

  it("the other runs, with its own delay, once the first has too few", async () => {
    expect(namesOf((await done(second, withdraw)).events)).toEqual(["approvalWithdrawn", "recoveryStopped", "recoveryStarted"]);
    expect(running()).toBe(idOf("other"));
    await afterDelay();
    expect(keyOf(owner)).toBe(testKey("other").publicKey);
  });
});

it("more than a block executes wait for the next", async () => {
  const lost = Array.from({ length: MAX_RECOVERIES_PER_BLOCK + 2 }, (_, i) => testAccount(`lost-${i}`));
  const guardianship = { guardians: [first.account], threshold: 1, delayMs: HOUR_MS };
  for (let i = 0; i < lost.length; i += 16) {
    const some = lost.slice(i, i + 16);
    const named = some.map(({ account }) => ({ type: "accounts.setGuardians", value: { account, ...guardianship } }));
    await done(some, ...some.map(({ create }) => create), ...named);
    for (const { account } of some) await done(first, { type: "accounts.startRecovery", value: { account, ...testAuthority("new") } });
  }

  const events = [(await chain.advance(HOUR_MS)).events.length, (await chain.block()).events.length, (await chain.block()).events.length];
  expect(events).toEqual([MAX_RECOVERIES_PER_BLOCK, 2, 0]);
  expect(lost.every((account) => keyOf(account) === testKey("new").publicKey)).toBe(true);
  await chain.checkInvariants();
});
