import { describe, expect, it } from "vitest";
import { scalarField } from "../../crypto/group.ts";
import { expectDone } from "../../testing/actors.ts";
import { ceremonyOf, currentKey, shareOf } from "./testing/custodians.ts";
import {
  complain,
  confirm,
  confirmAll,
  custodian,
  dealAll,
  indexes,
  justify,
  outcomeOf,
  passWindow,
  type Scene,
  started,
} from "./testing/scene.ts";

/** What a block tells when its time is this moment. */
async function eventsAt({ chain }: Scene, time: number): Promise<readonly string[]> {
  chain.now = time;
  return (await chain.block()).events.map(({ type }) => type);
}

describe("the end of a ceremony is told", () => {
  it("with the whole key set, and whose dealings are in it", async () => {
    const scene = await started();
    await dealAll(scene, [1, 3]);
    await passWindow(scene);
    await confirmAll(scene, [1, 2]);
    const { events } = await expectDone(scene.chain.run(custodian(3), confirm(scene)));
    expect(events.at(-1)).toMatchObject({
      type: "custody.finished",
      data: { purpose: "release", ...currentKey(scene.chain), dealers: [1, 3] },
    });
  });

  it("with the reason why there is no key", async () => {
    const scene = await started();
    await dealAll(scene, [2]);
    await passWindow(scene);
    await confirmAll(scene, [1, 2]);
    const { events } = await expectDone(scene.chain.run(custodian(3), confirm(scene)));
    const { ceremonyId } = scene;
    expect(events.at(-1)).toMatchObject({ type: "custody.failed", data: { ceremonyId, purpose: "release", reason: "TooFewDealers" } });
  });
});

describe("a ceremony ends by itself", () => {
  it("in the block that stands at the end of complaints, when none is open", async () => {
    const scene = await started();
    await dealAll(scene, indexes(3));
    await confirmAll(scene, [3]);
    // As many complaints as the threshold need no answer: the dealer is out.
    for (const receiver of [1, 2]) await expectDone(scene.chain.run(custodian(receiver), complain(scene, 3)));
    const { complainUntil } = ceremonyOf(scene.chain, scene.ceremonyId);
    expect(await eventsAt(scene, complainUntil - 1)).toEqual([]);
    expect(await eventsAt(scene, complainUntil)).toEqual(["custody.finished"]);
  });

  it("in the block that stands at the end of answers, when one is still missing", async () => {
    const scene = await started();
    await dealAll(scene, indexes(3));
    await confirmAll(scene, [1, 2]);
    await expectDone(scene.chain.run(custodian(3), complain(scene, 1)));
    const { complainUntil, justifyUntil } = ceremonyOf(scene.chain, scene.ceremonyId);
    for (const time of [complainUntil, justifyUntil - 1]) expect(await eventsAt(scene, time)).toEqual([]);
    expect(await eventsAt(scene, justifyUntil)).toEqual(["custody.finished"]);
    expect(outcomeOf(scene)).toEqual({ kind: "finished", dealers: [2, 3] });
  });
});

describe("no key is in force", () => {
  it("that one receiver alone has looked at, however often it complained", async () => {
    const scene = await started();
    await dealAll(scene, indexes(3));
    for (const dealer of [1, 2]) await expectDone(scene.chain.run(custodian(3), complain(scene, dealer)));
    await passWindow(scene);
    await passWindow(scene);
    for (const dealer of [1, 2])
      await expectDone(scene.chain.run(custodian(dealer), justify(scene, 3, shareOf(scene.polynomial(dealer), 3))));
    expect(await passWindow(scene)).toEqual(["custody.failed"]);
    expect(outcomeOf(scene)).toEqual({ kind: "failed", reason: "TooFewReceivers" });
    expect(currentKey(scene.chain)).toBeUndefined();
  });

  it("that nobody could open, because a receiver has the share zero and all were needed", async () => {
    const scene = await started(2, 2);
    await dealAll(scene, [1]);
    // Dealer 2 makes f(2) = f1(2) + f2(2) zero: its own share.
    const [constant] = scene.polynomial(2);
    const slope = scalarField.div(scalarField.sub(scalarField.neg(shareOf(scene.polynomial(1), 2)), constant!), 2n);
    await expectDone(scene.chain.run(custodian(2), scene.deal(2, { polynomial: [constant!, slope] })));
    await confirmAll(scene, [1, 2]);
    expect(outcomeOf(scene)).toEqual({ kind: "failed", reason: "NoKey" });
    expect(currentKey(scene.chain)).toBeUndefined();
    await scene.chain.checkInvariants();
  });
});
