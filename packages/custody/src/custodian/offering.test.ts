import { bytesToHex } from "@galen/ledger/crypto/hex";
import { offers, running } from "@galen/ledger/modules/custody/state";
import { ceremonyOf, offerOf as signedOffer } from "@galen/ledger/modules/custody/testing/custodians";
import { keyMessage } from "@galen/ledger/modules/validators/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { testBytes, testKey } from "@galen/ledger/testing/chain";
import { describe, expect, it } from "vitest";
import {
  type CustodianNetwork,
  foundCustodianNetwork,
  keySetOf,
  nodeKeyOf,
  passWindow,
  type TestCustodian,
} from "./testing/custodian-network.ts";

describe("the key that a custodian offers", () => {
  const offerOf = ({ chain }: CustodianNetwork, { account }: TestCustodian) => offers.get(chain.ledger.read(), account.account)?.sealingKey;

  it("is offered once, also over restarts, and replaced when it has served", async () => {
    const network = await foundCustodianNetwork();
    const [one] = (await network.add("custodian")) as [TestCustodian];
    await network.settle();
    const first = one.custodian.sealingKey;
    expect(offerOf(network, one)).toBe(first);
    const again = await one.restart();
    await network.settle();
    await network.chain.block();
    await network.settle();
    expect(again.custodian.sealingKey).toBe(first);
    await network.ceremony("generate", 1, [again]);
    expect(again.custodian.sealingKey).not.toBe(first);
    expect(offerOf(network, again)).toBe(again.custodian.sealingKey);
    expect([...one.reports, ...again.reports]).toEqual([]);
  });

  it("is a fresh one after a ceremony that has failed", async () => {
    const network = await foundCustodianNetwork();
    const [one, other] = (await network.add("one", "other")) as [TestCustodian, TestCustodian];
    await network.settle();
    await other.custodian.stop();
    const first = one.custodian.sealingKey;
    await network.ceremony("generate", 2, [one, other]);
    expect(one.custodian.sealingKey).toBe(first);
    for (let window = 0; window < 3; window++) await passWindow(network);
    expect(keySetOf(network)).toBeUndefined();
    expect(one.custodian.sealingKey).not.toBe(first);
    expect(offerOf(network, one)).toBe(one.custodian.sealingKey);
    await network.ceremony("generate", 2, [one, await other.restart()]);
    expect(keySetOf(network)).toMatchObject({ epoch: 1 });
  });

  it("is in the state before it is sent, and sent again after a crash between", async () => {
    const network = await foundCustodianNetwork();
    let sent = 0;
    const crashed = await network.addMisbehaving("crashed", () => ({
      submit: () => {
        sent += 1;
        return Promise.reject(new Error("the machine went down"));
      },
    }));
    await network.settle();
    expect(offerOf(network, crashed)).toBeUndefined();
    const kept = bytesToHex(crashed.state().sealingKey.publicKey);
    const blocks = 3;
    const before = sent;
    for (let i = 0; i < blocks; i++) {
      await network.chain.block();
      await network.settle();
    }
    expect(sent - before).toBeLessThanOrEqual(2 * blocks);
    expect(bytesToHex(crashed.state().sealingKey.publicKey)).toBe(kept);
    expect(String(crashed.reports[0])).toContain("the machine went down");
  });

  it("leads to no complaint when it is lost during a ceremony, for dealers would show its share to everybody", async () => {
    const network = await foundCustodianNetwork();
    const others = await network.add("one", "other");
    let isLost = false;
    const loser = await network.addMisbehaving("loser", ({ state }) => ({
      state: { ...state, read: async () => (isLost ? undefined : state.read()) },
    }));
    await network.settle();
    await loser.custodian.stop();
    await network.ceremony("generate", 2, [...others, loser]);
    const { ceremonyId } = running.get(network.chain.ledger.read(), "release")!;
    isLost = true;
    const again = await loser.restart();
    for (let window = 0; window < 3; window++) await passWindow(network);
    const { complaints, outcome } = ceremonyOf(network.chain, ceremonyId);
    expect([complaints, outcome]).toEqual([[], { kind: "failed", reason: "TooFewReceivers" }]);
    await network.ceremony("generate", 2, [...others, again]);
    expect(again.custodian.holding).toMatchObject({ epoch: 1 });
  });

  it("is a fresh one when another account has offered it as its own and served with it", async () => {
    const network = await foundCustodianNetwork();
    const [one, victim] = (await network.add("one", "victim")) as [TestCustodian, TestCustodian];
    const thief = await network.addMisbehaving("thief", () => ({ submit: async () => {} }));
    await network.settle();
    const { sealingKey } = victim.custodian;
    await expectDone(network.chain.run(thief.account, signedOffer({ ...thief.account, house: thief.house }, sealingKey)));
    await network.ceremony("generate", 1, [one, { ...thief, custodian: { ...thief.custodian, sealingKey } }]);
    for (let window = 0; window < 3; window++) await passWindow(network);
    expect(victim.custodian.sealingKey).not.toBe(sealingKey);
    expect(offerOf(network, victim)).toBe(victim.custodian.sealingKey);
    await network.ceremony("generate", 1, [one, victim]);
    expect(victim.custodian.holding).toEqual({ index: 2, epoch: 1 });
  });

  it("waits until the node speaks for an organisation, and is offered again under the key that the node has then", async () => {
    const network = await foundCustodianNetwork();
    const { chain } = network;
    const nodeKey = testKey("new machine");
    const follower = await network.addMisbehaving("custodian", () => ({ nodeKey: nodeKeyOf({ nodeKey }) }));
    await network.settle();
    await chain.block();
    await network.settle();
    expect([offerOf(network, follower), follower.reports]).toEqual([undefined, []]);
    await expectDone(chain.run(follower.house, keyMessage("replaceKey", follower.house, nodeKey)));
    await network.settle();
    const { account, sealingKey } = follower.custodian;
    const offer = { sealingKey, organisation: follower.house.account, nodeKey: nodeKey.publicKey };
    expect(offers.get(chain.ledger.read(), account)).toEqual(offer);
    expect(follower.reports).toEqual([]);
  });

  it("does not go to and fro between two that run with the same account", async () => {
    const network = await foundCustodianNetwork();
    const [one] = (await network.add("custodian")) as [TestCustodian];
    await network.settle();
    const twin = signedOffer({ ...one.account, house: one.house }, testBytes("twin"));
    await expectDone(network.chain.run(one.account, twin));
    const { height } = network.chain.ledger;
    await network.settle();
    expect([network.chain.ledger.height, offerOf(network, one)]).toEqual([height, testBytes("twin")]);
  });
});
