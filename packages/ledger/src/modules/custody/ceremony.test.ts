import { describe, expect, it } from "vitest";
import { scalarField } from "../../crypto/group.ts";
import { expectDone } from "../../testing/actors.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import {
  combineShares,
  currentKey,
  heldKey,
  pointHex,
  receivedShare,
  shareOf,
  startCeremony,
  testPolynomial,
} from "./testing/custodians.ts";
import {
  change,
  complain,
  confirmAll,
  custodian,
  dealAll,
  everybody,
  indexes,
  justify,
  outcomeOf,
  passWindow,
  resharing,
  secretSum,
  started,
  withCommitment,
} from "./testing/scene.ts";

describe("a ceremony among honest custodians", () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 4],
    [5, 7],
  ])("gives a key that any %i of %i open, in one round without waiting", async (threshold, count) => {
    const scene = await started(threshold, count);
    await dealAll(scene, indexes(count));
    await confirmAll(scene, indexes(count));
    expect(outcomeOf(scene)).toEqual({
      kind: "finished",
      dealers: indexes(count),
    });

    const { keySet, shares } = heldKey(scene.chain);
    const secret = secretSum(scene, indexes(count));
    expect(keySet).toMatchObject({
      publicKey: pointHex(secret),
      epoch: 1,
      threshold,
    });
    for (const { index, publicShare } of keySet.custodians) expect(pointHex(shares.get(index)!)).toBe(publicShare);
    expect(combineShares(shares, indexes(threshold))).toBe(secret);
    expect(combineShares(shares, indexes(count).slice(-threshold))).toBe(secret);
    if (threshold > 1) expect(combineShares(shares, indexes(threshold - 1))).not.toBe(secret);
    await scene.chain.checkInvariants();
    await scene.chain.checkReplay();
  });

  it("leaves the state alone while nothing is due", async () => {
    const scene = await started();
    await dealAll(scene, [1]);
    await scene.chain.block();
    const before = scene.chain.ledger.appHash;
    const { events, appHash } = await scene.chain.advance(1_000);
    expect([events, appHash]).toEqual([[], before]);
  });
});

describe("attacks on a generation", () => {
  it("a dealer deals to some only: the others complain, it cannot answer, the key does without it", async () => {
    const scene = await started();
    await dealAll(scene, [1, 2]);
    await expectDone(scene.chain.run(custodian(3), scene.deal(3, { shares: { 1: 7n } })));
    await confirmAll(scene, [2, 3]);
    await expectDone(scene.chain.run(custodian(1), complain(scene, 3)));
    expect([await passWindow(scene), await passWindow(scene)]).toEqual([[], []]);
    expect(await passWindow(scene)).toEqual(["custody.finished"]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [1, 2] });
    expect(combineShares(heldKey(scene.chain).shares, [1, 3])).toBe(secretSum(scene, [1, 2]));
    await scene.chain.checkInvariants();
  });

  it("false complaints of fewer than k receivers are answered in the open and change nothing", async () => {
    const scene = await started(3, 4);
    await dealAll(scene, [1, 2, 3, 4]);
    await confirmAll(scene, [1, 2]);
    for (const dealer of [1, 2, 3, 4]) {
      for (const receiver of [3, 4]) await expectDone(scene.chain.run(custodian(receiver), complain(scene, dealer)));
    }
    await passWindow(scene);
    await passWindow(scene);
    for (const dealer of [1, 2, 3, 4]) {
      for (const receiver of [3, 4]) {
        expect(outcomeOf(scene).kind).toBe("running");
        await expectDone(scene.chain.run(custodian(dealer), justify(scene, receiver, shareOf(scene.polynomial(dealer), receiver))));
      }
    }
    expect(outcomeOf(scene)).toEqual({
      kind: "finished",
      dealers: [1, 2, 3, 4],
    });
    expect(combineShares(heldKey(scene.chain).shares, [2, 3, 4])).toBe(secretSum(scene, [1, 2, 3, 4]));
  });

  it("k complaints disqualify at once: k true answers would publish the dealer's secret", async () => {
    const scene = await started(2, 4);
    await dealAll(scene, [1, 2, 3, 4]);
    for (const receiver of [2, 3]) await expectDone(scene.chain.run(custodian(receiver), complain(scene, 1)));
    await confirmAll(scene, [1, 4]);
    await passWindow(scene);
    const share = shareOf(scene.polynomial(1), 2);
    expect(refusalOf(scene.chain, [custodian(1)], [justify(scene, 2, share)])).toBe("custody/WrongPhase");
    expect(await passWindow(scene)).toEqual(["custody.finished"]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [2, 3, 4] });
  });

  it("a disqualified dealer cannot publish its shares while another one may still answer", async () => {
    const scene = await started(2, 4);
    await dealAll(scene, [1, 2, 3, 4]);
    for (const receiver of [2, 3]) await expectDone(scene.chain.run(custodian(receiver), complain(scene, 1)));
    await expectDone(scene.chain.run(custodian(2), complain(scene, 4)));
    await passWindow(scene);
    await passWindow(scene);
    expect(refusalOf(scene.chain, [custodian(1)], [justify(scene, 2, shareOf(scene.polynomial(1), 2))])).toBe("custody/Disqualified");
  });

  it("an absent custodian delays the key but cannot prevent it, and finds its share on the ledger", async () => {
    const scene = await started();
    await dealAll(scene, [1, 2]);
    await passWindow(scene);
    await confirmAll(scene, [1, 2]);
    expect(await passWindow(scene)).toEqual([]);
    await confirmAll(scene, [3]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [1, 2] });
    expect(pointHex(receivedShare(scene.chain, scene.ceremonyId, 3))).toBe(currentKey(scene.chain)!.custodians[2]!.publicShare);
  });

  it("a rogue key, chosen to cancel the others', has no proof of possession", async () => {
    const scene = await started();
    await dealAll(scene, [1, 2]);
    // C = 5·G - C_1 - C_2 would make X = 5·G. Its logarithm is known here only because the test knows the others' secrets.
    const rogue = scalarField.sub(5n, secretSum(scene, [1, 2]));
    const forged = withCommitment(scene.deal(3), 0, pointHex(rogue));
    expect(refusalOf(scene.chain, [custodian(3)], [forged])).toBe("custody/UnprovenConstantTerm");
  });

  it("an old dealing, replayed by its dealer or copied by another, does not fit", async () => {
    const scene = await started();
    const old = scene.deal(1);
    for (let window = 0; window < 2; window++) await passWindow(scene);
    expect(outcomeOf(scene)).toEqual({
      kind: "failed",
      reason: "TooFewDealers",
    });
    const custodians = everybody.slice(0, 3);
    const next = { kind: "generate", threshold: 2, custodians, round: "again" } as const;
    const ceremonyId = await startCeremony(scene.chain, scene.alliance, next);
    for (const actor of [custodian(1), custodian(2)]) {
      expect(refusalOf(scene.chain, [actor], [change(old, { ceremonyId })])).toBe("custody/UnprovenConstantTerm");
    }
  });

  it("fewer dealers than the threshold make no key", async () => {
    const scene = await started();
    await dealAll(scene, [2]);
    await passWindow(scene);
    await confirmAll(scene, [1, 2, 3]);
    expect(outcomeOf(scene)).toEqual({
      kind: "failed",
      reason: "TooFewDealers",
    });
    expect(currentKey(scene.chain)).toBeUndefined();
    await scene.chain.checkInvariants();
  });

  it("a key whose shares somebody has not looked at does not count: a lie to that one would not have been found out", async () => {
    const scene = await started();
    await dealAll(scene, [1, 2, 3]);
    await confirmAll(scene, [1, 2]);
    for (let window = 0; window < 2; window++) expect(await passWindow(scene)).toEqual([]);
    expect(await passWindow(scene)).toEqual(["custody.failed"]);
    expect(outcomeOf(scene)).toEqual({
      kind: "failed",
      reason: "TooFewReceivers",
    });
  });

  it("dealers in league whose dealings cancel make no key", async () => {
    const scene = await started(2, 2);
    const polynomial = scene.polynomial(1);
    await dealAll(scene, [1]);
    await expectDone(
      scene.chain.run(
        custodian(2),
        scene.deal(2, {
          polynomial: polynomial.map((term) => scalarField.neg(term)),
        }),
      ),
    );
    await confirmAll(scene, [1, 2]);
    expect(outcomeOf(scene)).toEqual({ kind: "failed", reason: "NoKey" });
  });

  it("a receiver who is given the share zero is left out, and the key stands", async () => {
    const scene = await started(2, 3);
    await dealAll(scene, [1, 2]);
    // Dealer 3 knows what receiver 3 got: f(3) = -(f1(3) + f2(3)).
    const [constant] = scene.polynomial(3);
    const wanted = scalarField.neg(scalarField.add(shareOf(scene.polynomial(1), 3), shareOf(scene.polynomial(2), 3)));
    const slope = scalarField.div(scalarField.sub(wanted, constant!), 3n);
    await expectDone(scene.chain.run(custodian(3), scene.deal(3, { polynomial: [constant!, slope] })));
    await confirmAll(scene, [1, 2, 3]);
    expect(currentKey(scene.chain)!.custodians.map(({ index }) => index)).toEqual([1, 2]);
    expect(combineShares(heldKey(scene.chain).shares, [1, 2])).toBe(secretSum(scene, [1, 2, 3]));
  });
});

describe("a resharing in which a dealer lies to a receiver that is away", () => {
  /** Dealer 3 gives receiver 1, who is away, a share that is none. */
  async function lying(number: number) {
    const scene = await resharing(2, everybody.slice(0, 3), number);
    await dealAll(scene, [1, 2]);
    await expectDone(scene.chain.run(custodian(3), scene.deal(3, { shares: { 1: 9n } })));
    await confirmAll(scene, [2, 3]);
    for (let window = 0; window < 3; window++) await passWindow(scene);
    return scene;
  }

  it("leaves the key with those who hold it", async () => {
    const scene = await lying(4);
    expect(outcomeOf(scene)).toEqual({ kind: "failed", reason: "TooFewReceivers" });
    expect(currentKey(scene.chain)).toEqual(scene.held.keySet);
  });

  it("ended before version 4 with a share less than it says", async () => {
    const scene = await lying(3);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [1, 2, 3] });
    expect(() => receivedShare(scene.chain, scene.ceremonyId, 1)).toThrow("the share of dealer 3 is wrong");
  });
});

describe("resharing", () => {
  it.each([
    ["to the same custodians, as a refresh", 2, [1, 2, 3]],
    ["to others", 2, [4, 5, 6]],
    ["to more, with a higher threshold", 5, [1, 2, 3, 4, 5, 6, 7]],
    ["to one", 1, [7]],
  ])("%s leaves the key and its secret as they are", async (_, threshold, receivers) => {
    const scene = await resharing(threshold, receivers.map(custodian));
    const secret = combineShares(scene.held.shares, [1, 2]);
    await dealAll(scene, [1, 2, 3]);
    await confirmAll(scene, receivers);

    const { keySet, shares } = heldKey(scene.chain);
    expect(keySet).toMatchObject({
      publicKey: scene.held.keySet.publicKey,
      epoch: 2,
      threshold,
    });
    expect(keySet.custodians.map(({ account }) => account)).toEqual(receivers.map((index) => custodian(index).account));
    expect(combineShares(shares, indexes(threshold))).toBe(secret);
    await scene.chain.checkInvariants();
    await scene.chain.checkReplay();
  });

  it("makes old shares useless: one old and one new share do not open", async () => {
    const scene = await resharing(2, everybody.slice(0, 3));
    await dealAll(scene, [1, 2, 3]);
    await confirmAll(scene, [1, 2, 3]);
    const mixed = new Map([
      [1, scene.held.shares.get(1)!],
      [2, heldKey(scene.chain).shares.get(2)!],
    ]);
    expect(combineShares(mixed, [1, 2])).not.toBe(combineShares(scene.held.shares, [1, 2]));
  });

  it("needs as many old custodians as the old threshold: fewer change nothing", async () => {
    const scene = await resharing(1, [custodian(4)]);
    await dealAll(scene, [1]);
    await passWindow(scene);
    await confirmAll(scene, [4]);
    expect(outcomeOf(scene)).toEqual({
      kind: "failed",
      reason: "TooFewDealers",
    });
    expect(currentKey(scene.chain)).toEqual(scene.held.keySet);
    await scene.chain.checkInvariants();
  });

  it("works with exactly the old threshold, the third old custodian being absent", async () => {
    const scene = await resharing(2, everybody.slice(3, 6));
    await dealAll(scene, [3, 1]);
    await passWindow(scene);
    await confirmAll(scene, [4, 5, 6]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [1, 3] });
    expect(combineShares(heldKey(scene.chain).shares, [2, 3])).toBe(combineShares(scene.held.shares, [1, 2]));
  });

  it("refuses a dealer that would move the key, deal for another, or is new", async () => {
    const scene = await resharing(2, everybody.slice(2, 5));
    const moved = scene.deal(1, { polynomial: testPolynomial("moved", 2) });
    expect(refusalOf(scene.chain, [custodian(1)], [moved])).toBe("custody/ForeignConstantTerm");
    expect(refusalOf(scene.chain, [custodian(1)], [scene.deal(2)])).toBe("custody/ForeignConstantTerm");
    expect(refusalOf(scene.chain, [custodian(4)], [scene.deal(1)])).toBe("custody/NotDealer");
    expect(refusalOf(scene.chain, [custodian(1)], [scene.deal(1)])).toBeUndefined();
  });

  it("does without an old custodian who deals wrong shares", async () => {
    const scene = await resharing(2, everybody.slice(3, 6));
    await dealAll(scene, [1, 2]);
    await expectDone(scene.chain.run(custodian(3), scene.deal(3, { shares: { 1: 9n, 2: 9n, 3: 9n } })));
    for (const receiver of [4, 5, 6]) await expectDone(scene.chain.run(custodian(receiver), complain(scene, 3)));
    await passWindow(scene);
    expect(await passWindow(scene)).toEqual(["custody.finished"]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [1, 2] });
    expect(combineShares(heldKey(scene.chain).shares, [1, 3])).toBe(combineShares(scene.held.shares, [1, 2]));
  });
});
