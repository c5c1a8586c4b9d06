import type { LedgerVersion } from "@galen/ledger/app/version";
import { verifyEqualLogs } from "@galen/ledger/crypto/dleq-proof";
import { requireScalar, scalarToBytes } from "@galen/ledger/crypto/group";
import { bytesToHex, hexToBytes, requireHexBytes } from "@galen/ledger/crypto/hex";
import { lagrangeFactors } from "@galen/ledger/crypto/polynomial-commitments";
import { portableCrypto as crypto } from "@galen/ledger/crypto/portable";
import { releaseBase, releaseShareContext } from "@galen/ledger/crypto/release-statement";
import { custodyModule, firstCustodyModule } from "@galen/ledger/modules/custody/index";
import { offers, running } from "@galen/ledger/modules/custody/state";
import { ceremonyOf, combineShares, pointHex } from "@galen/ledger/modules/custody/testing/custodians";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { nextEntry } from "@galen/ledger/modules/vault/served-log";
import {
  capsuleSecret,
  grantMessage,
  releaseOf,
  requestMessage,
  requestSecret,
  sealedObject,
  sealMessage,
  vaultVersion,
} from "@galen/ledger/modules/vault/testing/scene";
import { expectDone, type TestAccount } from "@galen/ledger/testing/actors";
import { testBytes } from "@galen/ledger/testing/chain";
import type { Message } from "@galen/ledger/tx/transaction";
import { describe, expect, it } from "vitest";
import { shareFrom } from "./ceremony-part.ts";
import type { CustodianAnswer } from "./custodian.ts";
import { auditServed } from "./served-log.ts";
import {
  type CustodianNetwork,
  foundCustodianNetwork,
  keySetOf,
  passWindow,
  type TestCustodian,
  WINDOW_MS,
} from "./testing/custodian-network.ts";
import { hpkeSealing } from "./testing/hpke-sealing.ts";

const names = (count: number, prefix = "custodian") => Array.from({ length: count }, (_, i) => `${prefix} ${i + 1}`);
const { multiply, subtract, combine } = crypto.ristretto255;

/** Seals an object of the patient and lets the clinician ask for it. */
async function request(network: CustodianNetwork, name: string, { granted = true } = {}) {
  const { chain, patient, clinician } = network;
  const object = sealedObject(patient, name);
  await expectDone(chain.run(patient, sealMessage(object)));
  const grantId = testBytes(`grant ${name}`);
  if (granted)
    await expectDone(
      chain.run(patient, grantMessage(chain, patient, grantId, { grantee: { kind: "person", account: clinician.account } })),
    );
  const asked = requestMessage(chain, clinician, { objectIds: [object.objectId], nonce: name, ...(granted ? { grantId } : {}) });
  const { releaseId } = releaseOf(chain, await expectDone(chain.run(clinician, asked)));
  return { releaseId, object };
}

/** What the reader makes of the answers of some custodians: x·U, after checking every proof against the ledger's public shares. */
function opened(network: CustodianNetwork, name: string, releaseId: string, answers: readonly CustodianAnswer[]): string {
  const keySet = keySetOf(network)!;
  const object = sealedObject(network.patient, name);
  const secret = requestSecret(object.objectId, name);
  const base = releaseBase(crypto, hexToBytes(object.capsulePoint)!, hexToBytes(pointHex(secret))!)!;
  for (const { custodian, shares, proof } of answers) {
    const { publicShare } = keySet.custodians.find(({ index }) => index === custodian)!;
    const context = releaseShareContext(crypto, { chainId: network.chain.ledger.chainId, requestId: releaseId, custodian });
    const images = shares.map((share) => requireHexBytes(share, 32));
    const statement = { publicKey: requireHexBytes(publicShare, 32), bases: [base], images, context, crypto };
    expect(verifyEqualLogs({ ...statement, proof: requireHexBytes(proof, 64) })).toBe(true);
  }
  const factors = lagrangeFactors(answers.map(({ custodian }) => custodian)).map(scalarToBytes);
  const points = answers.map(({ shares }) => requireHexBytes(shares[0]!, 32));
  return bytesToHex(subtract(combine(points, factors)!, multiply(requireHexBytes(keySet.publicKey, 32), scalarToBytes(secret))));
}

/** x·U as the owner of r knows it: r·X. */
function expected(network: CustodianNetwork, name: string): string {
  return bytesToHex(multiply(requireHexBytes(keySetOf(network)!.publicKey, 32), scalarToBytes(capsuleSecret(name))));
}

/** The ceremony that made the key in force. */
function lastCeremony(network: CustodianNetwork) {
  return ceremonyOf(network.chain, keySetOf(network)!.ceremonyId);
}

async function expectOpens(network: CustodianNetwork, custodians: readonly TestCustodian[], name: string): Promise<void> {
  const { releaseId } = await request(network, name);
  const reader = network.clinician.account;
  const answers = await Promise.all(custodians.map(({ custodian }) => custodian.releaseShares(releaseId, reader)));
  expect(opened(network, name, releaseId, answers)).toBe(expected(network, name));
}

/** Seals a wrong share to the receiver with this index. */
function wrongShareFor(receiver: number) {
  return (honest: Parameters<Parameters<CustodianNetwork["addMisbehaving"]>[1]>[0]) => ({
    sealing: {
      ...honest.sealing,
      seal: (...[publicKey, share, binding]: Parameters<typeof honest.sealing.seal>) => {
        const isVictim = binding.additionalData.at(-1) === receiver;
        return honest.sealing.seal(publicKey, isVictim ? scalarToBytes(7n) : share, binding);
      },
    },
  });
}

describe.each([
  [1, 1],
  [3, 4],
  [5, 7],
])("%i of %i custodians", (threshold, count) => {
  it("make a key, and any so many of them open what is released", async () => {
    const network = await foundCustodianNetwork();
    const custodians = await network.add(...names(count));
    await network.ceremony("generate", threshold, custodians);
    expect(keySetOf(network)).toMatchObject({ threshold, epoch: 1 });
    expect(custodians.map(({ custodian }) => custodian.holding)).toEqual(
      Array.from({ length: count }, (_, i) => ({ index: i + 1, epoch: 1 })),
    );
    await expectOpens(network, custodians.slice(0, threshold), "first");
    await expectOpens(network, custodians.slice(-threshold), "last");
    await network.chain.checkInvariants();
  });
});

describe("a ceremony", () => {
  it("hands the key from 3 of 4 to 5 of 7: reads before and after, and the old shares are forgotten", async () => {
    const network = await foundCustodianNetwork();
    const old = await network.add(...names(4));
    await network.ceremony("generate", 3, old);
    const { publicKey } = keySetOf(network)!;
    await expectOpens(network, old.slice(1), "before");

    const added = await network.add(...names(4, "new"));
    const next = [...old.slice(0, 3), ...added];
    await network.ceremony("reshare", 5, next);
    expect(keySetOf(network)).toMatchObject({ publicKey, threshold: 5, epoch: 2 });
    await expectOpens(network, next.slice(2), "after");
    expect(old[3]!.state().held).toBeUndefined();
    const { releaseId } = await request(network, "of the former");
    await expect(old[3]!.custodian.releaseShares(releaseId, network.clinician.account)).rejects.toThrow("custody/NoShare");
    expect(old[0]!.state()).toMatchObject({ held: { epoch: 2 } });
    expect(old[0]!.state().dealing).toBeUndefined();
  });

  it("makes no key with a custodian that is absent, and one without it", async () => {
    const network = await foundCustodianNetwork();
    const custodians = await network.add(...names(4));
    const present = custodians.slice(0, 3);
    await custodians[3]!.custodian.stop();
    await network.ceremony("generate", 3, custodians);
    for (let window = 0; window < 3; window++) await passWindow(network);
    expect(keySetOf(network)).toBeUndefined();
    await network.ceremony("generate", 3, present);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    await expectOpens(network, present, "without the fourth");
    const returned = await custodians[3]!.restart();
    await network.ceremony("reshare", 3, [...present, returned]);
    await expectOpens(network, [custodians[0]!, custodians[1]!, returned], "with the fourth again");
  });

  it("finds its shares on the ledger when it comes late to a ceremony", async () => {
    const network = await foundCustodianNetwork();
    const custodians = await network.add(...names(4));
    await custodians[3]!.custodian.stop();
    await network.ceremony("generate", 3, custodians);
    await passWindow(network);
    await passWindow(network);
    expect(keySetOf(network)).toBeUndefined();
    const late = await custodians[3]!.restart();
    await network.settle();
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    await expectOpens(network, [custodians[0]!, custodians[1]!, late], "with the fourth");
  });

  it("takes a share from the open that was dealt wrong", async () => {
    const network = await foundCustodianNetwork();
    const wrong = await network.addMisbehaving("wrong", wrongShareFor(2));
    const custodians = [wrong, ...(await network.add(...names(3)))];
    await network.ceremony("generate", 3, custodians);
    await passWindow(network);
    await passWindow(network);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    expect(lastCeremony(network)).toMatchObject({
      complaints: [{ dealer: 1, receiver: 2, answered: true }],
      outcome: { dealers: [1, 2, 3, 4] },
    });
    await expectOpens(network, custodians.slice(0, 3), "with the victim");
  });

  it("complains about every wrong share, also when it is broken off after the first complaint", async () => {
    const network = await foundCustodianNetwork();
    const wrong = [await network.addMisbehaving("wrong", wrongShareFor(3)), await network.addMisbehaving("wrong too", wrongShareFor(3))];
    let complaints = 0;
    const victim = await network.addMisbehaving("victim", ({ submit }) => ({
      submit: (messages) =>
        messages[0]!.type === "custody.complain" && ++complaints === 2 ? Promise.reject(new Error("the node stops")) : submit(messages),
    }));
    const custodians = [...wrong, victim, ...(await network.add("custodian"))];
    await network.ceremony("generate", 3, custodians);
    await passWindow(network);
    await passWindow(network);
    const byDealer = lastCeremony(network).complaints.toSorted((a, b) => a.dealer - b.dealer);
    expect(byDealer).toEqual([1, 2].map((dealer) => ({ dealer, receiver: 3, answered: true })));
    expect(victim.custodian.holding).toEqual({ index: 3, epoch: 1 });
    await expectOpens(network, custodians.slice(1), "with the victim");
  });

  it("shuts out a dealer that deals wrong and does not answer", async () => {
    const network = await foundCustodianNetwork();
    const wrong = await network.addMisbehaving("wrong", (honest) => ({
      ...wrongShareFor(2)(honest),
      submit: (messages) => (messages[0]!.type === "custody.justify" ? Promise.resolve() : honest.submit(messages)),
    }));
    const custodians = [wrong, ...(await network.add(...names(3)))];
    await network.ceremony("generate", 3, custodians);
    for (let window = 0; window < 3; window++) await passWindow(network);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    expect(lastCeremony(network)).toMatchObject({
      complaints: [{ dealer: 1, receiver: 2, answered: false }],
      outcome: { dealers: [2, 3, 4] },
    });
    await expectOpens(network, custodians.slice(1), "without the dealer's part");
  });

  it("goes on where a custodian was restarted", async () => {
    const network = await foundCustodianNetwork();
    const [first, ...others] = await network.add(...names(3));
    await others[1]!.custodian.stop();
    await network.ceremony("generate", 2, [first!, ...others]);
    const again = await first!.restart();
    const late = await others[1]!.restart();
    await network.settle();
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    await expectOpens(network, [again, late], "after restarts");
  });
});

describe("a proposer who puts keys of their own beside others' names", () => {
  const firstVersion = {
    ...vaultVersion,
    modules: vaultVersion.modules.map((module) => (module === custodyModule ? firstCustodyModule : module)),
  };
  const REPLACED = [1, 2];
  const inOrder = (dealers: readonly number[]) => dealers.toSorted((a, b) => a - b);

  /** A key of `threshold` of 4, and the ceremony that hands it on to two of them and to two keys of the proposer's. */
  async function attack(threshold: number, version: LedgerVersion) {
    const network = await foundCustodianNetwork(version);
    const custodians = await network.add(...names(4));
    await network.ceremony("generate", threshold, custodians);
    const proposers = REPLACED.map(() => hpkeSealing.newKey());
    const receivers = custodians.map(({ custodian: { account, sealingKey } }, position) => {
      const key = proposers[REPLACED.indexOf(position)];
      return { account, sealingKey: key ? bytesToHex(key.publicKey) : sealingKey };
    });
    const value = { purpose: "release", kind: "reshare", threshold, custodians: receivers, windowMs: WINDOW_MS };
    const start: Message = { type: "custody.startCeremony", value };
    return { network, custodians, proposers, start, before: keySetOf(network)! };
  }

  it("is stopped under versions 1 and 2 by the custodians, where too few are left to deal", async () => {
    const { network, custodians, start, before } = await attack(3, firstVersion);
    await expectDone(network.chain.run(network.alliance, start));
    const { ceremonyId } = running.get(network.chain.ledger.read(), "release")!;
    await network.settle();
    for (let window = 0; window < 3; window++) await passWindow(network);
    const { dealt, outcome } = ceremonyOf(network.chain, ceremonyId);
    expect([inOrder(dealt), outcome.kind]).toEqual([[1, 4], "failed"]);
    expect(keySetOf(network)).toEqual(before);
    expect(String(custodians[1]!.reports[0])).toContain("names a sealing key for this custodian that is not its own");
    await expectOpens(network, custodians.slice(1), "after the attempt");
  });

  it("gathers the key under versions 1 and 2 where as many as the threshold are left to deal", async () => {
    const { network, proposers, start, before } = await attack(2, firstVersion);
    await expectDone(network.chain.run(network.alliance, start));
    await network.settle();
    const ctx = network.chain.ledger.read();
    const { ceremonyId } = running.get(ctx, "release")!;
    const ceremony = ceremonyOf(network.chain, ceremonyId);
    expect(inOrder(ceremony.dealt)).toEqual([1, 4]);

    /** What a dealer has sealed to the proposer's keys leads to the dealer's own share. */
    async function shareOfDealer(dealer: number): Promise<readonly [number, bigint]> {
      const parts = REPLACED.map(async (position, at) => {
        const { account } = ceremony.receivers[position]!;
        const part = { ctx, ceremonyId, ceremony, account, sealing: hpkeSealing, random: () => new Uint8Array() };
        return [position + 1, requireScalar((await shareFrom(part, dealer, { sealingKey: proposers[at]! }))!)] as const;
      });
      return [dealer, combineShares(new Map(await Promise.all(parts)), [2, 3])];
    }
    const shares = new Map(await Promise.all(ceremony.dealt.map(shareOfDealer)));
    expect(pointHex(combineShares(shares, ceremony.dealt))).toBe(before.publicKey);
  });

  it.each([2, 3])("is refused by the ledger from version 3 on, with %i of 4", async (threshold) => {
    const { network, custodians, start, before } = await attack(threshold, vaultVersion);
    const { refusal } = await network.chain.run(network.alliance, start);
    expect(refusal).toMatchObject({ id: "custody/KeyNotOffered", status: 409, details: { account: custodians[1]!.account.account } });
    await network.ceremony("reshare", threshold, custodians);
    expect(keySetOf(network)).toMatchObject({ epoch: 2, publicKey: before.publicKey });
    await expectOpens(network, custodians.slice(-threshold), "after the attempt");
  });

  it("finds out with the upgrade that the ledger asks the custodians, who offer their keys by themselves", async () => {
    const network = await foundCustodianNetwork(ledgerVersions.slice(1));
    const { chain, alliance } = network;
    const custodians = await network.add(...names(4));
    await network.ceremony("generate", 2, custodians);
    const height = chain.ledger.height + 4;
    await expectDone(chain.run(alliance, { type: "governance.scheduleUpgrade", value: { height, version: 3 } }));
    const offered = () => custodians.map(({ account }) => offers.get(chain.ledger.read(), account.account)?.sealingKey);
    while (chain.ledger.height < height - 2) {
      await network.settle();
      expect(offered()).toEqual([undefined, undefined, undefined, undefined]);
      await chain.block();
    }
    await chain.block();
    await network.settle();
    expect(chain.ledger.version.number).toBe(3);
    expect(offered()).toEqual(custodians.map(({ custodian }) => custodian.sealingKey));
    const receivers = custodians.map(({ custodian: { account, sealingKey } }, at) => ({
      account,
      sealingKey: at === 3 ? bytesToHex(hpkeSealing.newKey().publicKey) : sealingKey,
    }));
    const value = { purpose: "release", kind: "reshare", threshold: 2, custodians: receivers, windowMs: WINDOW_MS };
    expect((await chain.run(alliance, { type: "custody.startCeremony", value })).refusal?.id).toBe("custody/KeyNotOffered");
    await network.ceremony("reshare", 2, custodians);
    expect(keySetOf(network)).toMatchObject({ epoch: 2 });
    await expectOpens(network, custodians.slice(2), "after the upgrade");
    await chain.checkInvariants();
    await chain.checkReplay();
  });
});

describe("the key that a custodian has offered", () => {
  it("stays while a share that is sealed to it could not be kept yet", async () => {
    const network = await foundCustodianNetwork();
    let isFull = false;
    const one = await network.addMisbehaving("custodian", ({ state }) => ({
      state: {
        ...state,
        write: (next) => (isFull && next.held ? Promise.reject(new Error("ENOSPC: no space left on device, write")) : state.write(next)),
      },
    }));
    await network.settle();
    const first = one.custodian.sealingKey;
    isFull = true;
    await network.ceremony("generate", 1, [one]);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    expect([one.custodian.holding, one.custodian.sealingKey]).toEqual([undefined, first]);
    isFull = false;
    await network.settle();
    expect(one.custodian.holding).toMatchObject({ epoch: 1 });
    await expectOpens(network, [one], "after there was room");
  });

  it("is a fresh one where, before version 4, a dealing has spoilt its share while it was away, and gives it a share in the next ceremony", async () => {
    const network = await foundCustodianNetwork({ ...vaultVersion, number: 3 });
    const wrong = await network.addMisbehaving("wrong", wrongShareFor(4));
    const others = await network.add(...names(3));
    const custodians = [wrong, ...others];
    await network.settle();
    await others[2]!.custodian.stop();
    await network.ceremony("generate", 3, custodians);
    await passWindow(network);
    await passWindow(network);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
    const spoilt = await others[2]!.restart();
    await network.settle();
    expect(spoilt.custodian.holding).toBeUndefined();
    expect(String(spoilt.reports[0])).toContain("no share of epoch 1 could be made");
    await network.ceremony("reshare", 3, [spoilt, ...others.slice(0, 2)]);
    await passWindow(network); // it has nothing to deal
    expect(spoilt.custodian.holding).toMatchObject({ epoch: 2 });
    await expectOpens(network, [spoilt, ...others.slice(0, 2)], "with the one that had none");
  });
});

describe("a custodian", () => {
  async function ready() {
    const network = await foundCustodianNetwork();
    const [one] = await network.add("custodian");
    await network.ceremony("generate", 1, [one!]);
    return { network, one: one!, custodian: one!.custodian };
  }
  type Ready = Awaited<ReturnType<typeof ready>>;

  const refusals: readonly [string, string, (ready: Ready) => Promise<{ releaseId: string; reader: TestAccount }>][] = [
    ["an unknown release", "custody/NoRelease", async ({ network }) => ({ releaseId: testBytes("none"), reader: network.clinician })],
    [
      "another reader",
      "custody/NoRelease",
      async ({ network }) => ({ releaseId: (await request(network, "theirs")).releaseId, reader: network.hospital }),
    ],
    [
      "a request that the policy refused",
      "custody/NoRelease",
      async ({ network }) => ({ releaseId: (await request(network, "refused", { granted: false })).releaseId, reader: network.clinician }),
    ],
    [
      "a release of what was erased since",
      "custody/Erased",
      async ({ network }) => {
        const { releaseId, object } = await request(network, "erased");
        await expectDone(network.chain.run(network.patient, { type: "vault.erase", value: { objectIds: [object.objectId] } }));
        return { releaseId, reader: network.clinician };
      },
    ],
  ];
  it.each(refusals)("answers nothing to %s", async (_, id, prepare) => {
    const all = await ready();
    const { releaseId, reader } = await prepare(all);
    await expect(all.custodian.releaseShares(releaseId, reader.account)).rejects.toMatchObject({ kind: { id } });
    expect(all.one.served).toEqual([]);
  });

  it("gives a repeated question the same shares, and logs them once for each epoch", async () => {
    const { network, one, custodian } = await ready();
    const { releaseId } = await request(network, "twice");
    const ask = () => custodian.releaseShares(releaseId, network.clinician.account);
    const [first, ...others] = await Promise.all([ask(), ask(), ask()]);
    others.push(await ask());
    for (const { shares } of others) expect(shares).toEqual(first.shares);
    expect(one.served).toMatchObject([{ releaseId, epoch: 1 }]);
    await network.ceremony("reshare", 1, [one]);
    await ask();
    await ask();
    expect(one.served).toMatchObject([
      { releaseId, epoch: 1 },
      { releaseId, epoch: 2 },
    ]);
    expect(auditServed(network.chain.ledger.read(), one.served)).toEqual([]);
  });

  it("answers nothing while its log cannot be written, and again when it can", async () => {
    const { network, one, custodian } = await ready();
    const { releaseId } = await request(network, "full disk");
    one.served.push = () => {
      throw new Error("ENOSPC: no space left on device, write");
    };
    const asked = custodian.releaseShares(releaseId, network.clinician.account);
    await expect(asked).rejects.toMatchObject({ kind: { id: "custody/LogUnwritten", status: 507 } });
    Reflect.deleteProperty(one.served, "push");
    await custodian.releaseShares(releaseId, network.clinician.account);
    expect(auditServed(network.chain.ledger.read(), one.served)).toEqual([]);
  });

  it("holds nothing before a ceremony, so it answers nothing", async () => {
    const { network } = await ready();
    const [other] = await network.add("other");
    const { releaseId } = await request(network, "elsewhere");
    const asked = other!.custodian.releaseShares(releaseId, network.clinician.account);
    await expect(asked).rejects.toMatchObject({ kind: { id: "custody/NoShare" } });
  });

  it("is found out by its log when it answers without an entry, or changes the log", async () => {
    const { network, one, custodian } = await ready();
    for (const name of ["a", "b"]) await custodian.releaseShares((await request(network, name)).releaseId, network.clinician.account);
    const ctx = network.chain.ledger.read();
    const [first, second] = one.served as [(typeof one.served)[0], (typeof one.served)[0]];
    expect(auditServed(ctx, [second])).toMatchObject([{ fault: "log-altered" }]);
    expect(auditServed(ctx, [first, { ...second, reader: network.hospital.account }])).toMatchObject([{ number: 1, fault: "log-altered" }]);
    const refused = await request(network, "c", { granted: false });
    const forged = nextEntry(second, { releaseId: refused.releaseId, reader: network.clinician.account, epoch: 1, height: 99 }, crypto);
    expect(auditServed(ctx, [first, second, forged])).toEqual([{ number: 2, fault: "no-release" }]);
    expect(auditServed(network.chain.ledger.read(), [first, second, forged])).toEqual([{ number: 2, fault: "refused-release" }]);
  });
});
