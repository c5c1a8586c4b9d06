import { encode as encodeCbor } from "cborg";
import { describe, expect, it } from "vitest";
import type { LedgerVersion } from "../../app/version.ts";
import { bytesToHex, hexToBytes } from "../../crypto/hex.ts";
import { portableCrypto } from "../../crypto/portable.ts";
import { expectDone, foundingVersion, type TestAccount, testAccount, testAuthority } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { createTestChain, type TestActor, type TestChain, testBytes, testKey, testPasskey } from "../../testing/chain.ts";
import { refusalOf, refusalTable } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { accountIdOf, recoveryIdOf } from "./account-id.ts";
import { accountsModule, actorFor, hasRole, isDelegate, mayActFor } from "./index.ts";
import { accounts, members } from "./state.ts";

const version: LedgerVersion = { ...foundingVersion, modules: [accountsModule] };
const HOUR_MS = 3_600_000;
const CHILD_END = 7_776_000_000 * 300;

const [ann, bob, carl, dora, emil] = ["ann", "bob", "carl", "dora", "emil"].map((name) => testAccount(name)) as [
  TestAccount,
  TestAccount,
  TestAccount,
  TestAccount,
  TestAccount,
];
const hospital = testAccount("hospital", { kind: "organisation" });
const boss = testAccount("boss");
const nurse = testAccount("nurse");
const stranger = testAccount("stranger");
const cast = [ann, bob, carl, dora, emil, hospital, boss, nurse];
const family = [bob, carl, dora].map(({ account }) => account);

const message = (type: string, value: unknown): Message => ({ type: `accounts.${type}`, value });
const rotate = ({ account }: TestActor, name: string) => message("rotateKeys", { account, ...testAuthority(name) });
const guard = ({ account }: TestActor, guardians: readonly string[], threshold = 2, delayMs = HOUR_MS) =>
  message("setGuardians", { account, guardians, threshold, delayMs });
const recover = ({ account }: TestActor, name: string) => message("startRecovery", { account, ...testAuthority(name) });
const recoveryId = ({ account }: TestActor, name: string) => recoveryIdOf({ account, ...testAuthority(name) }, portableCrypto);
const approve = (actor: TestActor, name: string) =>
  message("approveRecovery", { account: actor.account, recoveryId: recoveryId(actor, name) });
const withdraw = ({ account }: TestActor) => message("withdrawApproval", { account });
const cancel = ({ account }: TestActor) => message("cancelRecovery", { account });
const setMember = (member: TestActor, roles: readonly string[], until?: number, organisation: TestActor = hospital) =>
  message("setMember", { organisation: organisation.account, member: member.account, roles, ...(until !== undefined && { until }) });
const removeMember = (member: TestActor) => message("removeMember", { organisation: hospital.account, member: member.account });
const delegate = (owner: TestActor, to: TestActor, changes: object = {}) =>
  message("delegate", { owner: owner.account, delegate: to.account, scopes: ["records.read"], until: 2e12, ground: "chosen", ...changes });
const endDelegation = (owner: TestActor, to: TestActor) => message("endDelegation", { owner: owner.account, delegate: to.account });
const withKeys = ({ account }: TestActor, ...names: readonly string[]): TestActor => ({ account, keys: names.map(testKey) });

/** Everybody exists; Bob, Carl and Dora are Ann's guardians, two of whom suffice; the boss administers the hospital, the nurse nurses. */
async function foundCast(...then: readonly (readonly [TestActor, Message])[]): Promise<TestChain> {
  const chain = await createTestChain({ version });
  await expectDone(chain.run(cast, ...cast.map(({ create }) => create)));
  await expectDone(chain.run(ann, guard(ann, family)));
  await expectDone(chain.run(hospital, setMember(boss, ["administrator"]), setMember(nurse, ["nurse"])));
  for (const [actor, step] of then) await expectDone(chain.run(actor, step));
  return chain;
}

describe("accounts.create", () => {
  const twice = testAccount("twice", { keys: [testKey("twice"), testKey("twice")] });
  const smallOrder = { keyType: "ed25519" as const, secretKey: new Uint8Array(32), publicKey: `01${"00".repeat(31)}` };
  const weak = testAccount("weak", { keys: [testKey("weak"), smallOrder] });
  const offCurve = testAccount("off", { keys: [testKey("off"), { ...testPasskey("off"), publicKey: `02${"ff".repeat(32)}` }] });
  const mislabelled = testAccount("mislabelled", { keys: [testKey("m"), { ...testPasskey("m"), publicKey: testKey("n").publicKey }] });
  const heavy = testAccount("heavy", { threshold: 2 });
  const [first, second] = [testAccount("first"), testAccount("second", { kind: "device" })];
  refusalTable(
    () => foundCast(),
    [
      ["signed by itself", undefined, [first], first.create],
      ["several at once, each signing", undefined, [first, second], first.create, second.create],
      ["by another", "accounts/NotOwner", [bob], first.create],
      ["several at once, one not signing", "accounts/NotOwner", [first], first.create, second.create],
      ["a second time", "accounts/AlreadyExists", [bob], bob.create],
      ["with a key twice", "accounts/DuplicateKey", [twice], twice.create],
      ["with a key of small order, for which anybody signs", "accounts/BadKey", [withKeys(weak, "weak")], weak.create],
      ["with a P-256 key off the curve", "accounts/BadKey", [withKeys(offCurve, "off")], offCurve.create],
      ["with a key of another type than it says", "accounts/BadKey", [withKeys(mislabelled, "m")], mislabelled.create],
      ["with more weight asked for than there is", "tx/Unauthorised", [heavy], heavy.create],
    ],
  );

  it("derives the id from keys, threshold, record key, kind and salt, so that nobody can take it", () => {
    const ids = [
      first.founding,
      { ...first.founding, threshold: 2 },
      { ...first.founding, kind: "service" as const },
      { ...first.founding, salt: testBytes("other", 16) },
      { ...first.founding, recordKey: testBytes("other") },
      { ...first.founding, keys: second.founding.keys },
    ].map((founding) => accountIdOf(founding, portableCrypto));
    expect(new Set(ids).size).toBe(6);
    expect(ids[0]).toBe(first.account);
  });
});

describe("ids", () => {
  const authority = ({ keys, threshold, recordKey }: ReturnType<typeof testAuthority>) => [
    keys.map((key) => [key.keyType, hexToBytes(key.publicKey), key.weight]),
    threshold,
    hexToBytes(recordKey),
  ];
  /** SHA-256(domain ‖ CBOR), said with another CBOR library. */
  const digest = (domain: string, fields: readonly unknown[]) =>
    bytesToHex(portableCrypto.sha256(Uint8Array.of(...new TextEncoder().encode(domain), ...encodeCbor(fields))));

  it("of an account", () => {
    const { founding, account } = testAccount("ann", { keys: [testKey("ann"), testPasskey("ann")] });
    expect(account).toBe(digest("galen/account/1:", [...authority(founding), founding.kind, hexToBytes(founding.salt)]));
  });
  it("of a recovery", () => {
    expect(recoveryId(ann, "new")).toBe(digest("galen/recovery/1:", [hexToBytes(ann.account), ...authority(testAuthority("new"))]));
  });
});

describe("authentication", () => {
  const keys = [testKey("k1"), testKey("k2"), testPasskey("k3")];
  const joint = testAccount("joint", { keys, threshold: 2 });
  const jointly = (...signing: readonly number[]): TestActor => ({ account: joint.account, keys: signing.map((i) => keys[i]!) });
  const act = guard(joint, [bob.account], 1);
  const rotatedBob = withKeys(bob, "bob-new");
  refusalTable(
    () => foundCast([joint, joint.create], [bob, rotate(bob, "bob-new")]),
    [
      ["two keys of three", undefined, [jointly(0, 1)], act],
      ["a passkey among them", undefined, [jointly(0, 2)], act],
      ["all keys", undefined, [jointly(0, 1, 2)], act],
      ["one key of three", "tx/Unauthorised", [jointly(1)], act],
      ["another's key instead", "tx/Unauthorised", [{ ...joint, keys: [keys[0]!, testKey("ann")] }], act],
      ["a signature of no signer besides", "tx/Unauthorised", [{ ...joint, keys: [...keys, testKey("stranger")] }], act],
      ["every signer but one", "tx/Unauthorised", [jointly(0, 1), withKeys(ann, "k1")], act],
      ["an account that does not exist", "tx/Unauthorised", [stranger], act],
      ["an account that only another creates", "tx/Unauthorised", [stranger], testAccount("first").create],
      ["new keys after a rotation", undefined, [rotatedBob], rotate(bob, "bob-newer")],
      ["old keys after a rotation", "tx/Unauthorised", [bob], rotate(bob, "bob")],
      ["founding message again after a rotation", "tx/Unauthorised", [bob], bob.create, rotate(bob, "bob")],
      ["founding message again beside a new account", "tx/Unauthorised", [bob, stranger], stranger.create, bob.create],
    ],
  );
});

describe("keys of unequal weight", () => {
  const keys = [testKey("chief"), testKey("one deputy"), testKey("other deputy")];
  const authority = testAuthority("office", keys, 3);
  const weighted = { ...authority, keys: authority.keys.map((key, at) => ({ ...key, weight: at === 0 ? 2 : 1 })) };
  const founding = { ...weighted, kind: "organisation" as const, salt: testBytes("office", 16) };
  const account = accountIdOf(founding, portableCrypto);
  const office = (...signing: readonly number[]): TestActor => ({ account, keys: signing.map((i) => keys[i]!) });
  const act = guard(office(), [bob.account], 1);
  refusalTable(
    () => foundCast([office(0, 1), message("create", founding)]),
    [
      ["a heavy one and a light one", undefined, [office(0, 2)], act],
      ["the heavy one alone", "tx/Unauthorised", [office(0)], act],
      ["the light ones together", "tx/Unauthorised", [office(1, 2)], act],
    ],
  );
});

it("a rotation replaces keys, threshold and record key, and keeps all else of the account", async () => {
  const chain = await foundCast();
  const before = accounts.get(chain.ledger, ann.account)!;
  const authority = testAuthority("ann-new", [testKey("ann-new"), testKey("ann-newer")], 2);
  await expectDone(chain.run(ann, message("rotateKeys", { account: ann.account, ...authority })));
  expect(accounts.get(chain.ledger, ann.account)).toEqual({ ...before, ...authority });
});

describe("accounts.rotateKeys", () => {
  const keysOf = (name: string, changes: object) => message("rotateKeys", { account: ann.account, ...testAuthority(name), ...changes });
  const [key] = testAuthority("ann-new").keys;
  refusalTable(
    () => foundCast(),
    [
      ["by the account", undefined, [ann], rotate(ann, "ann-new")],
      ["by another", "accounts/NotOwner", [bob], rotate(ann, "ann-new")],
      ["of nobody", "accounts/UnknownAccount", [bob], rotate(stranger, "new")],
      ["to a key twice", "accounts/DuplicateKey", [ann], keysOf("ann-new", { keys: [key, key] })],
      ["to a key that is none", "accounts/BadKey", [ann], keysOf("ann-new", { keys: [{ ...key, publicKey: "" }] })],
      ["to keys that never suffice", "accounts/ThresholdUnreachable", [ann], keysOf("ann-new", { threshold: 2 })],
      ["to one key that weighs enough", undefined, [ann], keysOf("ann-new", { threshold: 2, keys: [{ ...key, weight: 2 }] })],
    ],
  );
});

describe("guardians", () => {
  refusalTable(
    () => foundCast([bob, recover(ann, "ann-bob")]),
    [
      ["named by the owner", undefined, [bob], guard(bob, [carl.account], 1)],
      ["replaced by the owner", undefined, [ann], guard(ann, [emil.account], 1)],
      ["named by another", "accounts/NotOwner", [carl], guard(bob, [carl.account], 1)],
      ["who do not exist", "accounts/UnknownAccount", [bob], guard(bob, [stranger.account], 1)],
      ["too few for the threshold", "accounts/ThresholdUnreachable", [bob], guard(bob, [carl.account], 2)],
      ["named twice", "accounts/RepeatedEntry", [bob], guard(bob, [carl.account, carl.account])],
      ["the account itself", "accounts/SelfReference", [bob], guard(bob, [bob.account], 1)],
      ["removed by the owner", undefined, [ann], message("removeGuardians", { account: ann.account })],
      ["removed by another", "accounts/NotOwner", [bob], message("removeGuardians", { account: ann.account })],
      ["removed where there are none", "accounts/NoGuardians", [bob], message("removeGuardians", { account: bob.account })],
      ["start a recovery", undefined, [carl], recover(ann, "ann-new")],
      ["start one together", undefined, [carl, dora], recover(ann, "ann-new")],
      ["start one where there are none", "accounts/NoGuardians", [carl], recover(bob, "bob-new")],
      ["stranger starts one", "accounts/NotGuardian", [emil], recover(ann, "ann-new")],
      ["owner starts one", "accounts/NotGuardian", [ann], recover(ann, "ann-new")],
      ["start one of nobody", "accounts/UnknownAccount", [bob], recover(stranger, "new")],
      [
        "start one with bad keys",
        "accounts/ThresholdUnreachable",
        [bob],
        message("startRecovery", { account: ann.account, ...testAuthority("x", [testKey("x")], 2) }),
      ],
      ["approve it", undefined, [carl], approve(ann, "ann-bob")],
      ["approve it a second time", "accounts/AlreadyApproved", [bob], approve(ann, "ann-bob")],
      ["start the same a second time", "accounts/AlreadyApproved", [bob], recover(ann, "ann-bob")],
      ["approve one that nobody proposed", "accounts/UnknownRecovery", [carl], approve(ann, "ann-carl")],
      ["stranger approves it", "accounts/NotGuardian", [emil], approve(ann, "ann-bob")],
      ["withdraw", undefined, [bob], withdraw(ann)],
      ["withdraw what they did not approve", "accounts/UnknownRecovery", [carl], withdraw(ann)],
      ["stranger withdraws", "accounts/NotGuardian", [emil], withdraw(ann)],
      ["owner cancels", undefined, [ann], cancel(ann)],
      ["guardian cancels", "accounts/NotOwner", [bob], cancel(ann)],
      ["owner cancels what is not there", "accounts/UnknownRecovery", [bob], cancel(bob)],
    ],
  );
});

describe("members", () => {
  refusalTable(
    () => foundCast(),
    [
      ["added by the organisation", undefined, [hospital], setMember(emil, ["clinician"])],
      ["added by an administrator", undefined, [boss], setMember(emil, ["clinician"])],
      ["added by another member", "accounts/NotAdministrator", [nurse], setMember(emil, ["clinician"])],
      ["who adds himself", "accounts/NotAdministrator", [emil], setMember(emil, ["administrator"])],
      [
        "administrator appointed by an administrator",
        "accounts/AdministratorProtected",
        [boss],
        setMember(emil, ["member", "administrator"]),
      ],
      ["administrator changed by an administrator", "accounts/AdministratorProtected", [boss], setMember(boss, ["member"])],
      ["administrator removed by the organisation", undefined, [hospital], removeMember(boss)],
      ["administrator appointed by the organisation", undefined, [hospital], setMember(emil, ["administrator"])],
      ["of a person", "accounts/NotOrganisation", [ann], setMember(emil, ["nurse"], undefined, ann)],
      ["of nobody", "accounts/UnknownAccount", [ann], setMember(emil, ["nurse"], undefined, stranger)],
      ["who do not exist", "accounts/UnknownAccount", [hospital], setMember(stranger, ["nurse"])],
      ["with a role twice", "accounts/RepeatedEntry", [hospital], setMember(emil, ["nurse", "nurse"])],
      ["the organisation itself", "accounts/SelfReference", [hospital], setMember(hospital, ["member"])],
      ["until a past time", "accounts/ExpiryInPast", [hospital], setMember(emil, ["nurse"], 1_700_000_000_000)],
      ["removed by an administrator", undefined, [boss], removeMember(nurse)],
      ["who leaves", undefined, [nurse], removeMember(nurse)],
      ["removed by another member", "accounts/NotAdministrator", [nurse], removeMember(boss)],
      ["removed who is none", "accounts/UnknownMember", [boss], removeMember(emil)],
    ],
  );

  it("who administers is removed by the organisation alone, or leaves", async () => {
    const chain = await foundCast([hospital, setMember(emil, ["administrator"])]);
    const by = (actor: TestActor) => refusalOf(chain, [actor], [removeMember(emil)]);
    expect([by(boss), by(emil), by(hospital)]).toEqual(["accounts/AdministratorProtected", undefined, undefined]);
  });

  it("is one for a time to come, if for any", async () => {
    const chain = await foundCast();
    const until = (time: number) => refusalOf(chain, [hospital], [setMember(emil, ["nurse"], time)]);
    expect([until(chain.ledger.time), until(chain.ledger.time + 1)]).toEqual(["accounts/ExpiryInPast", undefined]);
  });

  it("has a role until its time, and no longer", async () => {
    const chain = await foundCast();
    const until = chain.now + HOUR_MS;
    await expectDone(chain.run(hospital, setMember(boss, ["administrator"], until), setMember(emil, ["clinician"], until)));
    const has = (time: number, role?: "clinician" | "nurse") =>
      hasRole({ state: chain.ledger.state, time }, hospital.account, emil.account, role);
    expect([has(until - 1, "clinician"), has(until - 1, "nurse"), has(until - 1), has(until, "clinician"), has(until)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    chain.now = until;
    expect((await chain.run(boss, setMember(nurse, ["nurse"]))).refusal?.id).toBe("accounts/NotAdministrator");
    expect(members.get(chain.ledger, hospital.account, boss.account)?.roles).toEqual(["administrator"]);
  });
});

describe("delegation", () => {
  refusalTable(
    () => foundCast([ann, delegate(ann, carl)]),
    [
      ["by the owner", undefined, [ann], delegate(ann, bob)],
      ["by another", "accounts/NotOwner", [bob], delegate(ann, bob)],
      ["by a delegate, who cannot pass it on", "accounts/NotOwner", [carl], delegate(ann, bob)],
      ["to nobody", "accounts/UnknownAccount", [ann], delegate(ann, stranger)],
      ["with a scope twice", "accounts/RepeatedEntry", [ann], delegate(ann, bob, { scopes: ["log.read", "log.read"] })],
      ["to oneself", "accounts/SelfReference", [ann], delegate(ann, ann)],
      ["until a past time", "accounts/ExpiryInPast", [ann], delegate(ann, bob, { until: 1 })],
      ["for a child, until a day", "accounts/TellsBirthday", [ann], delegate(ann, bob, { ground: "child", until: CHILD_END - 86_400_000 })],
      ["for a child, until the end of a quarter", undefined, [ann], delegate(ann, bob, { ground: "child", until: CHILD_END })],
      ["ended by the owner", undefined, [ann], endDelegation(ann, carl)],
      ["laid down by the delegate", undefined, [carl], endDelegation(ann, carl)],
      ["ended by another", "accounts/NotOwner", [bob], endDelegation(ann, carl)],
      ["ended that was never given", "accounts/UnknownDelegation", [ann], endDelegation(ann, bob)],
    ],
  );

  it("lets the delegate act within its scopes and time", async () => {
    const chain = await foundCast();
    const until = chain.now + HOUR_MS;
    await expectDone(chain.run(ann, delegate(ann, carl, { until, scopes: ["log.read", "vault.grant"] })));
    const at = (time: number, ...signers: readonly TestActor[]) => ({
      state: chain.ledger.state,
      time,
      signers: signers.map(({ account }) => account),
    });
    const rows = [
      [mayActFor(at(until, ann), ann.account, "vault.erase"), true],
      [mayActFor(at(until - 1, carl), ann.account, "vault.grant"), true],
      [mayActFor(at(until - 1, bob, carl), ann.account, "log.read"), true],
      [mayActFor(at(until - 1, carl), ann.account, "vault.erase"), false],
      [mayActFor(at(until, carl), ann.account, "vault.grant"), false],
      [mayActFor(at(until - 1, bob), ann.account, "vault.grant"), false],
      [mayActFor(at(until - 1, carl), bob.account, "vault.grant"), false],
      [actorFor(at(until - 1, carl, ann), ann.account, "log.read"), ann.account],
      [actorFor(at(until - 1, bob, carl), ann.account, "log.read"), carl.account],
      [isDelegate(at(until - 1), { owner: ann.account, delegate: carl.account, scope: "log.read" }), true],
      [isDelegate(at(until), { owner: ann.account, delegate: carl.account, scope: "log.read" }), false],
    ];
    expect(rows.map(([is]) => is)).toEqual(rows.map(([, wanted]) => wanted));
  });
});

it("an empty block leaves the app hash as it was, while a recovery waits", async () => {
  const chain = await foundCast();
  await expectDone(chain.run([bob, carl], recover(ann, "ann-new")));
  const before = bytesToHex(chain.ledger.appHash);
  await chain.block();
  expect(bytesToHex(chain.ledger.appHash)).toBe(before);
  expect(accounts.get(chain.ledger, ann.account)?.keys[0]?.publicKey).toBe(testKey("ann").publicKey);
});

it("queries tell an account, its open recoveries, a member and a delegation", async () => {
  const chain = await foundCast([bob, recover(ann, "ann-new")], [ann, delegate(ann, carl)]);
  const guardianship = { guardians: family, threshold: 2, delayMs: HOUR_MS };
  const createdAt = 1_700_000_001_000;
  expect(ask(chain, "accounts.account", { account: ann.account })).toEqual({
    ...testAuthority("ann"),
    kind: "person",
    createdAt,
    guardianship,
  });
  const recovery = { recoveryId: recoveryId(ann, "ann-new"), ...testAuthority("ann-new"), guardians: [bob.account] };
  expect(ask(chain, "accounts.recovery", { account: ann.account })).toEqual({ account: ann.account, open: [recovery] });
  expect(ask(chain, "accounts.recovery", { account: bob.account })).toEqual({ account: bob.account, open: [] });
  const terms = { scopes: ["records.read"], until: 2e12, ground: "chosen" };
  expect(ask(chain, "accounts.delegation", { owner: ann.account, delegate: carl.account })).toEqual(terms);
  expect(ask(chain, "accounts.member", { organisation: hospital.account, member: nurse.account })).toEqual({ roles: ["nurse"] });

  const refused: readonly (readonly [refusal: string, query: string, parameters: object])[] = [
    ["accounts/UnknownAccount", "accounts.account", { account: stranger.account }],
    ["accounts/UnknownDelegation", "accounts.delegation", { owner: ann.account, delegate: bob.account }],
    ["accounts/UnknownMember", "accounts.member", { organisation: hospital.account, member: ann.account }],
  ];
  for (const [refusal, query, parameters] of refused) expect(() => ask(chain, query, parameters)).toThrow(refusal);
});

describe("a record key that everybody can open", () => {
  /** X25519 gives zeros with these, whatever the other key is (RFC 7748, section 6.1): zero, one, and points of order 8. */
  const open = ["00".repeat(32), `01${"00".repeat(31)}`, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"];
  const authority = (recordKey: string) => ({ ...testAuthority("fresh"), recordKey });
  const chainOf = (number: number) => createTestChain({ version: { ...version, number } });

  it.each(open)("is refused from version 4 on, and was taken before: %s", async (recordKey) => {
    const founding = { ...ann.founding, recordKey };
    const create = message("create", founding);
    const account = accountIdOf(founding, portableCrypto);
    const change = message("rotateKeys", { account: bob.account, ...authority(recordKey) });
    for (const [number, refusal] of [
      [3, undefined],
      [4, "accounts/BadRecordKey"],
      [5, "accounts/BadRecordKey"],
    ] as const) {
      const chain = await chainOf(number);
      expect((await chain.run({ account, keys: ann.keys }, create)).refusal?.id).toBe(refusal);
      await expectDone(chain.run(bob, bob.create));
      expect((await chain.run(bob, change)).refusal?.id).toBe(refusal);
    }
  });

  it("is no other one", async () => {
    const chain = await chainOf(5);
    await expectDone(chain.run(bob, bob.create));
    await expectDone(chain.run(bob, message("rotateKeys", { account: bob.account, ...testAuthority("fresh") })));
  });
});
