import { describe, expect, it } from "vitest";
import { expectDone, testAccount } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { type TestActor, testBytes, testKey } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { keyMessage, nodeMessage, type TestOperator } from "../validators/testing/scene.ts";
import { custodyModule, firstCustodyModule } from "./index.ts";
import { offers, usedKeys } from "./state.ts";
import {
  currentKey,
  dealMessage,
  makeKey,
  offerKeys,
  offerMessage,
  offerOf,
  pointHex,
  shareOf,
  startCeremony,
  startMessage,
  testSealingKey,
} from "./testing/custodians.ts";
import {
  change,
  complain,
  confirm,
  confirmAll,
  custodian,
  dealAll,
  everybody,
  found,
  houses,
  justify,
  outcomeOf,
  outsider,
  passWindow,
  type Scene,
  started,
  withCommitment,
} from "./testing/scene.ts";

/** Declares one test per row: on a fresh scene, who sends what, and what it is refused for. */
function table(
  scene: () => Promise<Scene>,
  rows: readonly (readonly [name: string, refusal: string | undefined, who: TestActor | "alliance", what: (scene: Scene) => Message])[],
): void {
  it.each(rows)("%s: %s", async (_, refusal, who, what) => {
    const ready = await scene();
    const actors = who === "alliance" ? ready.alliance : [who];
    expect(refusalOf(ready.chain, actors, [what(ready)])).toBe(refusal && (refusal.includes("/") ? refusal : `custody/${refusal}`));
  });
}

const generation = { kind: "generate", threshold: 2, custodians: everybody.slice(0, 3) } as const;
const resharing = { kind: "reshare", threshold: 2, custodians: everybody.slice(0, 3) } as const;
const generate = (changes: object = {}) => change(startMessage(generation), changes);
const reshare = (changes: object = {}) => change(startMessage(resharing), changes);
const receiver = (name: string, { account }: TestActor = custodian(1)) => ({ account, sealingKey: testBytes(name) });
/** Nothing has been made, and the custodians of `generation` have offered their keys. */
const empty = async (module = custodyModule) => {
  const scene = await found(module);
  await offerKeys(scene.chain, generation);
  return { ...scene, ceremonyId: "" } as Scene;
};
/** They hold a key, and have offered the next sealing keys. */
const withKey = async (module = custodyModule) => {
  const scene = await found(module);
  await makeKey(scene.chain, scene.alliance, generation);
  await offerKeys(scene.chain, resharing);
  return scene as Scene;
};
const keyInForce = ({ chain }: Scene) => currentKey(chain)!.custodians[0]!.sealingKey;
const offer = (sealingKey: string, who = custodian(1)) => offerOf(who, sealingKey);
/** A second custodian of the first one's house. */
const guest = { ...custodian(2), house: houses[0]! };

describe.each([
  ["of ledger version 3", custodyModule],
  ["of ledger versions 1 and 2", firstCustodyModule],
])("custody.startCeremony %s", (_, module) => {
  table(
    () => empty(module),
    [
      ["by decision", undefined, "alliance", () => generate()],
      ["without a decision", "governance/NotDecided", custodian(1), () => generate()],
      ["reshares what is not there", "NoKey", "alliance", () => reshare()],
      ["asks for more than there are", "ThresholdTooHigh", "alliance", () => generate({ threshold: 4 })],
      [
        "names who has no account",
        "accounts/UnknownAccount",
        "alliance",
        () => generate({ threshold: 1, custodians: [receiver("a", testAccount("nobody"))] }),
      ],
      ["names a custodian twice", "RepeatedCustodian", "alliance", () => generate({ custodians: [receiver("a"), receiver("b")] })],
      [
        "seals two shares to one key",
        "RepeatedCustodian",
        "alliance",
        () => generate({ custodians: [receiver("a"), receiver("a", custodian(2))] }),
      ],
    ],
  );
  table(
    () => withKey(module),
    [
      ["makes a second key", "KeyExists", "alliance", () => generate()],
      ["reshares with fresh sealing keys", undefined, "alliance", () => reshare()],
    ],
  );
});

describe("custody.startCeremony", () => {
  table(() => started(), [["while another runs", "CeremonyRunning", "alliance", () => generate()]]);
  table(
    () => withKey(firstCustodyModule),
    [
      [
        "of versions 1 and 2 reuses a sealing key of the key in force",
        "SealingKeyReused",
        "alliance",
        (scene) => reshare({ threshold: 1, custodians: [{ account: custodian(2).account, sealingKey: keyInForce(scene) }] }),
      ],
      [
        "of versions 1 and 2 takes the proposer's word for keys",
        undefined,
        "alliance",
        () => reshare({ custodians: [receiver("a"), receiver("b", custodian(2))] }),
      ],
    ],
  );
  const one = (sealingKey: string, { account } = custodian(1)) => reshare({ threshold: 1, custodians: [{ account, sealingKey }] });
  table(withKey, [
    ["names a key that is nobody's", "KeyNotOffered", "alliance", () => one(testBytes("proposer"))],
    ["names one custodian's key for another", "KeyNotOffered", "alliance", () => one(testSealingKey(custodian(2).account, "reshare"))],
    ["names who has offered nothing", "KeyNotOffered", "alliance", () => one(testBytes("a"), custodian(4))],
    ["names the key that served for the key in force", "KeyNotOffered", "alliance", (scene) => one(keyInForce(scene))],
  ]);
  table(async () => {
    const scene = await withKey();
    await expectDone(scene.chain.run(custodian(1), offer(testBytes("second"))));
    return scene;
  }, [
    ["names an offer that another has replaced", "KeyNotOffered", "alliance", () => reshare()],
    ["names the later offer", undefined, "alliance", () => one(testBytes("second"))],
  ]);
  table(async () => {
    const scene = await found();
    await offerKeys(scene.chain, generation);
    const { sealingKey } = receiver("copied", custodian(4));
    for (const actor of [custodian(4), custodian(5)]) await expectDone(scene.chain.run(actor, offer(sealingKey, actor)));
    const custodians = [...everybody.slice(0, 2), custodian(4)].map(({ account }, at) => ({
      account,
      sealingKey: at === 2 ? sealingKey : testSealingKey(account, "generate"),
    }));
    await expectDone(scene.chain.run(scene.alliance, generate({ custodians })));
    await passWindow(scene as Scene);
    await passWindow(scene as Scene);
    return scene as Scene;
  }, [
    [
      "names an offer that copied a key which has served since",
      "SealingKeyReused",
      "alliance",
      () => generate({ threshold: 1, custodians: [receiver("copied", custodian(5))] }),
    ],
  ]);
});

describe("custody.offerKey", () => {
  const zeros = "00".repeat(32);
  table(withKey, [
    ["offers a fresh key", undefined, custodian(1), () => offer(testBytes("fresh"))],
    ["offers for the first time", undefined, custodian(4), () => offer(testBytes("fresh"), custodian(4))],
    ["replaces another custodian of its house", undefined, guest, () => offer(testBytes("fresh"), guest)],
    ["offers what it offers already", "AlreadyOffered", custodian(1), () => offer(testSealingKey(custodian(1).account, "reshare"))],
    ["offers the key that served for the key in force", "SealingKeyReused", custodian(1), (scene) => offer(keyInForce(scene))],
    ["offers another's used key", "SealingKeyReused", custodian(2), (scene) => offer(keyInForce(scene), custodian(2))],
    ["offers the point zero", "BadSealingKey", custodian(1), () => offer(zeros)],
    ["offers a point of small order", "BadSealingKey", custodian(1), () => offer(`01${zeros.slice(2)}`)],
  ]);

  it("is taken once: the ceremony uses it up, whether it ends well or not", async () => {
    const scene = await started();
    const { chain } = scene;
    for (const [at, { account }] of generation.custodians.entries()) {
      expect(offers.has(chain.ledger.read(), account)).toBe(false);
      expect(usedKeys.get(chain.ledger.read(), testSealingKey(account, "generate"))).toEqual({
        ceremonyId: scene.ceremonyId,
        account,
        organisation: houses[at]!.account,
      });
    }
    await passWindow(scene);
    await passWindow(scene);
    expect(outcomeOf(scene)).toMatchObject({ kind: "failed" });
    expect(refusalOf(chain, [custodian(1)], [offerMessage(custodian(1), "generate")])).toBe("custody/SealingKeyReused");
    await expectDone(chain.run(custodian(1), offer(testBytes("fresh"))));
    const { account, house } = custodian(1);
    expect(ask(chain, "custody.offer", { account })).toEqual({
      sealingKey: testBytes("fresh"),
      organisation: house.account,
      nodeKey: house.nodeKey.publicKey,
    });
    expect(() => ask(chain, "custody.offer", { account: custodian(2).account })).toThrow("custody/KeyNotOffered");
    await chain.checkInvariants();
    await chain.checkReplay();
  });
});

describe("an organisation's word for its custodian", () => {
  const [first, second, third] = houses as [TestOperator, TestOperator, TestOperator];
  const fresh = testBytes("fresh");
  /** An account of somebody who would like to be taken for a hospital's custodian. */
  const thief = { ...outsider, house: first };
  table(withKey, [
    ["an outsider signs itself", "BadNodeProof", outsider, () => offerOf(thief, fresh, { key: outsider.keys[0]! })],
    ["the organisation's own key signs", "BadNodeProof", custodian(1), () => offerOf(custodian(1), fresh, { key: first.keys[0]! })],
    ["another's node signs", "BadNodeProof", custodian(1), () => offerOf(custodian(1), fresh, { key: second.nodeKey })],
    ["the node meant another account", "BadNodeProof", outsider, () => offerOf(thief, fresh, { account: custodian(1).account })],
    [
      "the node meant another sealing key",
      "BadNodeProof",
      custodian(1),
      () => offerOf(custodian(1), fresh, { sealingKey: testBytes("a") }),
    ],
    ["the node meant another chain", "BadNodeProof", custodian(1), () => offerOf(custodian(1), fresh, { chainId: "other-chain" })],
    [
      "the node meant another organisation",
      "BadNodeProof",
      custodian(1),
      () => offerOf(custodian(1), fresh, { organisation: second.account }),
    ],
    [
      "an organisation without a node",
      "NoNode",
      outsider,
      () => offerOf({ ...outsider, house: { ...first, account: outsider.account } }, fresh),
    ],
  ]);

  const [one, two] = [custodian(1), custodian(2)];
  const named = (...receivers: readonly (readonly [TestActor, string])[]) =>
    reshare({ threshold: 1, custodians: receivers.map(([{ account }, sealingKey]) => ({ account, sealingKey })) });
  table(async () => {
    const scene = await withKey();
    await expectDone(scene.chain.run(guest, offer(fresh, guest)));
    return scene;
  }, [
    [
      "one house in two places",
      "RepeatedOrganisation",
      "alliance",
      () => named([one, testSealingKey(one.account, "reshare")], [guest, fresh]),
    ],
    ["either of them alone", undefined, "alliance", () => named([guest, fresh])],
    ["the offer in the name of the house before", "KeyNotOffered", "alliance", () => named([two, testSealingKey(two.account, "reshare")])],
  ]);

  /** After what happens to the first house, its offer is nobody's, and it makes no other with the key that it had. */
  async function afterwards(...messages: readonly (readonly [readonly TestActor[], Message])[]): Promise<Scene> {
    const scene = await withKey();
    for (const [actors, message] of messages) await expectDone(scene.chain.run(actors, message));
    const { account } = one;
    expect(() => ask(scene.chain, "custody.offer", { account })).toThrow("custody/KeyNotOffered");
    const sealingKey = testSealingKey(account, "reshare");
    expect(() => ask(scene.chain, "custody.custodian", { account, sealingKey })).toThrow("custody/KeyNotOffered");
    return scene;
  }
  const nextKey = testKey("a new machine of the first house");
  const rest = houses.slice(1);
  table(
    () => afterwards([[first], keyMessage("replaceKey", first, nextKey)]),
    [
      ["the offer from before the node had another key", "KeyNotOffered", "alliance", () => reshare()],
      ["an offer with the former key", "BadNodeProof", one, () => offerOf(one, fresh)],
      ["an offer with the new key", undefined, one, () => offerOf(one, fresh, { key: nextKey })],
      [
        "the same sealing key once more, with the new key",
        undefined,
        one,
        () => offerOf(one, testSealingKey(one.account, "reshare"), { key: nextKey }),
      ],
    ],
  );
  table(
    () => afterwards([[first], nodeMessage("leave", first)]),
    [
      ["the offer of a house whose node leaves", "KeyNotOffered", "alliance", () => reshare()],
      ["an offer of a house whose node leaves", "NoNode", one, () => offerOf(one, fresh)],
    ],
  );
  const removal: Message = { type: "governance.removeMember", value: { organisation: first.account } };
  table(
    async () => ({ ...(await afterwards([rest, removal])), alliance: rest }),
    [
      ["the offer of a house that is no member any more", "KeyNotOffered", "alliance", () => reshare()],
      ["an offer of a house that is no member any more", "NoNode", one, () => offerOf(one, fresh)],
    ],
  );

  it("is told of a share that is held, of one that is being made, and of an offer, and of no other account", async () => {
    const { chain, alliance } = await found();
    const told = (who: TestActor, sealingKey: string) => ask(chain, "custody.custodian", { account: who.account, sealingKey });
    const [held, next] = [testSealingKey(one.account, "held"), testSealingKey(one.account, "next")];
    const ceremony = { threshold: 2, custodians: [one, two, custodian(3)] } as const;
    await startCeremony(chain, alliance, { kind: "generate", ...ceremony, round: "held" });
    expect(told(one, held)).toEqual({ organisation: first.account });
    await expectDone(chain.run(one, offerMessage(one, "next")));
    expect(told(one, next)).toEqual({ organisation: first.account });
    expect(told(custodian(3), testSealingKey(custodian(3).account, "held"))).toEqual({ organisation: third.account });
    for (const [who, key] of [
      [outsider, held],
      [outsider, next],
      [two, next],
      [one, fresh],
    ] as const)
      expect(() => told(who, key)).toThrow("custody/KeyNotOffered");
  });
});

describe("custody.deal", () => {
  table(
    () => started(),
    [
      ["by a dealer", undefined, custodian(1), ({ deal }) => deal(1)],
      ["in no ceremony", "UnknownCeremony", custodian(1), ({ deal }) => change(deal(1), { ceremonyId: testBytes("none") })],
      ["by somebody else", "NotDealer", outsider, ({ deal }) => deal(1)],
      [
        "with fewer commitments than the threshold",
        "WrongCount",
        custodian(1),
        ({ deal, polynomial }) => deal(1, { polynomial: polynomial(1).slice(1) }),
      ],
      ["with a share too few", "WrongCount", custodian(1), (scene) => dealMessage({ ...dealer(scene, 1), receivers: 2 })],
      ["with the identity as a commitment", "BadCommitments", custodian(1), ({ deal }) => withCommitment(deal(1), 1, "00".repeat(32))],
      ["with what is no point", "BadCommitments", custodian(1), ({ deal }) => withCommitment(deal(1), 0, "ff".repeat(32))],
      ["with the proof of another dealer", "UnprovenConstantTerm", custodian(1), ({ deal }) => deal(2)],
      [
        "with a proof for another chain",
        "UnprovenConstantTerm",
        custodian(1),
        (scene) => dealMessage({ ...dealer(scene, 1), chainId: "other" }),
      ],
      [
        "with another constant term than proven",
        "UnprovenConstantTerm",
        custodian(1),
        ({ deal }) => withCommitment(deal(1), 0, pointHex(5n)),
      ],
    ],
  );
  table(async () => {
    const scene = await started();
    await dealAll(scene, [1]);
    return scene;
  }, [["twice", "AlreadyDealt", custodian(1), ({ deal }) => deal(1)]]);
  table(async () => {
    const scene = await started();
    await passWindow(scene);
    return scene;
  }, [["after the window", "WrongPhase", custodian(1), ({ deal }) => deal(1)]]);

  const dealer = ({ chain, ceremonyId, polynomial }: Scene, index: number) => ({
    chainId: chain.ledger.chainId,
    ceremonyId,
    dealer: index,
    polynomial: polynomial(index),
    receivers: 3,
  });
});

describe("custody.complain, custody.justify and custody.confirm", () => {
  const dealt = async () => {
    const scene = await started();
    await dealAll(scene, [1, 2, 3]);
    return scene;
  };
  table(
    () => started(),
    [
      ["complains while others deal", "WrongPhase", custodian(1), (scene) => complain(scene, 2)],
      ["confirms while others deal", "WrongPhase", custodian(1), confirm],
      ["justifies while others deal", "WrongPhase", custodian(1), (scene) => justify(scene, 1, 5n)],
      ["confirms in no ceremony", "UnknownCeremony", custodian(1), () => confirm({ ceremonyId: testBytes("none") } as Scene)],
    ],
  );
  table(dealt, [
    ["complains", undefined, custodian(2), (scene) => complain(scene, 1)],
    ["confirms", undefined, custodian(2), confirm],
    ["complains without receiving", "NotReceiver", outsider, (scene) => complain(scene, 1)],
    ["confirms without receiving", "NotReceiver", outsider, confirm],
    ["complains about nobody", "NotDealt", custodian(2), (scene) => complain(scene, 4)],
    [
      "justifies before all complaints are in",
      "WrongPhase",
      custodian(1),
      ({ polynomial, ...scene }) => justify({ polynomial, ...scene }, 2, shareOf(polynomial(1), 2)),
    ],
  ]);

  const answered = async () => {
    const scene = await dealt();
    await confirmAll(scene, [1]);
    await expectDone(scene.chain.run(custodian(2), complain(scene, 1)));
    return scene;
  };
  table(answered, [
    ["confirms twice", "AlreadyConfirmed", custodian(1), confirm],
    ["complains after confirming", "AlreadyConfirmed", custodian(1), (scene) => complain(scene, 2)],
    ["confirms after complaining", "AlreadyComplained", custodian(2), confirm],
    ["complains twice about one dealer", "AlreadyComplained", custodian(2), (scene) => complain(scene, 1)],
    ["complains about another dealer, too", undefined, custodian(2), (scene) => complain(scene, 3)],
  ]);

  const challenged = async () => {
    const scene = await answered();
    await passWindow(scene);
    await passWindow(scene);
    return scene;
  };
  table(challenged, [
    ["shows the true share", undefined, custodian(1), (scene) => justify(scene, 2, shareOf(scene.polynomial(1), 2))],
    ["shows a wrong share", "WrongShare", custodian(1), (scene) => justify(scene, 2, shareOf(scene.polynomial(1), 2) + 1n)],
    ["shows another receiver's share", "WrongShare", custodian(1), (scene) => justify(scene, 2, shareOf(scene.polynomial(1), 3))],
    ["shows a share that nobody asked for", "NoComplaint", custodian(1), (scene) => justify(scene, 3, shareOf(scene.polynomial(1), 3))],
    ["answers for another dealer", "NoComplaint", custodian(3), (scene) => justify(scene, 2, shareOf(scene.polynomial(1), 2))],
    ["justifies without dealing", "NotDealer", outsider, (scene) => justify(scene, 2, 5n)],
    ["complains too late", "WrongPhase", custodian(3), (scene) => complain(scene, 1)],
    ["confirms late", undefined, custodian(3), confirm],
  ]);
});
