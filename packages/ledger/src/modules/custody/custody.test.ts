import { describe, expect, it } from "vitest";
import { expectDone } from "../../testing/actors.ts";
import { type TestActor, testBytes } from "../../testing/chain.ts";
import { refusalOf } from "../../testing/refusal-table.ts";
import type { Message } from "../../tx/transaction.ts";
import { currentKey, dealMessage, makeKey, pointHex, shareOf, startMessage } from "./testing/custodians.ts";
import {
  change,
  complain,
  confirm,
  confirmAll,
  custodian,
  dealAll,
  everybody,
  found,
  justify,
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
    const actor = who === "alliance" ? ready.alliance : who;
    expect(refusalOf(ready.chain, [actor], [what(ready)])).toBe(refusal && (refusal.includes("/") ? refusal : `custody/${refusal}`));
  });
}

describe("custody.startCeremony", () => {
  const generate = (changes: object = {}) =>
    change(
      startMessage({
        kind: "generate",
        threshold: 2,
        custodians: everybody.slice(0, 3),
      }),
      changes,
    );
  const reshare = (changes: object = {}) =>
    change(
      startMessage({
        kind: "reshare",
        threshold: 2,
        custodians: everybody.slice(0, 3),
      }),
      changes,
    );
  const receiver = (name: string, account = custodian(1).account) => ({
    account,
    sealingKey: testBytes(name),
  });
  const empty = async () => ({ ...(await found()), ceremonyId: "" }) as Scene;
  const withKey = async () => {
    const scene = await found();
    await makeKey(scene.chain, scene.alliance, {
      custodians: everybody.slice(0, 3),
      threshold: 2,
    });
    return scene as Scene;
  };
  table(empty, [
    ["by decision", undefined, "alliance", () => generate()],
    ["without a decision", "governance/NotDecided", custodian(1), () => generate()],
    ["reshares what is not there", "NoKey", "alliance", () => reshare()],
    ["asks for more than there are", "ThresholdTooHigh", "alliance", () => generate({ threshold: 4 })],
    [
      "names who has no account",
      "accounts/UnknownAccount",
      "alliance",
      () =>
        generate({
          threshold: 1,
          custodians: [receiver("a", testBytes("nobody"))],
        }),
    ],
    ["names a custodian twice", "RepeatedCustodian", "alliance", () => generate({ custodians: [receiver("a"), receiver("b")] })],
    [
      "seals two shares to one key",
      "RepeatedCustodian",
      "alliance",
      () =>
        generate({
          custodians: [receiver("a"), receiver("a", custodian(2).account)],
        }),
    ],
  ]);
  table(() => started(), [["while another runs", "CeremonyRunning", "alliance", () => generate()]]);
  table(withKey, [
    ["makes a second key", "KeyExists", "alliance", () => generate()],
    ["reshares with fresh sealing keys", undefined, "alliance", () => reshare()],
    [
      "reuses a sealing key of the key in force",
      "SealingKeyReused",
      "alliance",
      ({ chain }) =>
        reshare({
          threshold: 1,
          custodians: [
            receiver("a"),
            {
              account: custodian(2).account,
              sealingKey: currentKey(chain)!.custodians[0]!.sealingKey,
            },
          ],
        }),
    ],
  ]);
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
