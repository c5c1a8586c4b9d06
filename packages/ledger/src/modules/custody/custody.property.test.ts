import fc from "fast-check";
import { expect, it } from "vitest";
import { type TestActor, type TestChain, testBytes, testKey } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import type { Message } from "../../tx/transaction.ts";
import { keyMessage } from "../validators/testing/scene.ts";
import {
  apply,
  type Choice,
  choice,
  createModel,
  dealerIndex,
  houseOfOffer,
  keyToOffer,
  type Model,
  type Operation,
  operationsOf,
  PEOPLE,
  passTime,
  polynomialOf,
  WINDOW_MS,
} from "./custody.model.ts";
import { custodyModule } from "./index.ts";
import { offers, running } from "./state.ts";
import {
  currentKey,
  dealMessage,
  offerOf,
  pointHex,
  scalarHex,
  shareOf,
  startMessage,
  testPolynomial,
  testSealingKey,
} from "./testing/custodians.ts";
import { change, custodian, everybody, found, houses } from "./testing/scene.ts";

/** The sealing key with a number of the model; one that nobody has offered without. */
function keyOf(who: number, number: number | undefined): string {
  return testSealingKey(everybody[who]!.account, String(number));
}

/** The key of a house's node: that of its founding, or the other one. */
function nodeKeyOf(house: number, isRotated: boolean) {
  return isRotated ? testKey(`another node of house ${house}`) : houses[house]!.nodeKey;
}

/** The operation as a message; `model` stands before it. */
function messageOf(chain: TestChain, ceremonyId: string, model: Model, step: Exclude<Operation, { kind: "wait" }>): Message {
  switch (step.kind) {
    case "start": {
      const custodians = step.people.map((who) => everybody[who]!);
      const kind = (model.key !== undefined) !== step.odd ? "reshare" : "generate";
      const message = startMessage({ kind, threshold: step.threshold, custodians, windowMs: WINDOW_MS });
      const receivers = step.people.map((who) => ({
        account: everybody[who]!.account,
        sealingKey: keyOf(who, model.offers.get(who)?.key),
      }));
      return change(message, { custodians: receivers });
    }
    case "offer": {
      const house = houseOfOffer(step);
      const nodeKey = nodeKeyOf(house, model.rotated.has(house) !== step.forged);
      const actor = { ...everybody[step.who]!, house: { ...houses[house]!, nodeKey } };
      return offerOf(actor, keyOf(step.who, keyToOffer(model, step)));
    }
    case "rotate":
      return keyMessage("replaceKey", houses[step.who]!, nodeKeyOf(step.who, true));
    case "deal": {
      const dealer = dealerIndex(model, step.who);
      const { threshold, receivers } = model.round ?? {
        threshold: 1,
        receivers: [0],
      };
      const polynomial = dealer === undefined ? testPolynomial("nobody", threshold) : polynomialOf(model, dealer);
      const shares = step.odd ? { 1: 7n } : {};
      const options = {
        chainId: chain.ledger.chainId,
        ceremonyId,
        dealer: dealer ?? 1,
        polynomial,
        receivers: receivers.length,
        shares,
      };
      return dealMessage(options);
    }
    case "justify": {
      const polynomial = model.round?.dealt.get(dealerIndex(model, step.who) ?? 0) ?? testPolynomial("nobody", 1);
      const share = shareOf(polynomial, step.about);
      return {
        type: "custody.justify",
        value: {
          ceremonyId,
          receiver: step.about,
          share: scalarHex(step.odd ? share + 1n : share),
        },
      };
    }
    case "complain":
      return {
        type: "custody.complain",
        value: { ceremonyId, dealer: step.about },
      };
    case "confirm":
      return { type: "custody.confirm", value: { ceremonyId } };
  }
}

function signersOf(step: Exclude<Operation, { kind: "wait" }>, alliance: readonly TestActor[]): readonly TestActor[] {
  if (step.kind === "start") return alliance;
  return [step.kind === "rotate" ? houses[step.who]! : custodian(step.who + 1)];
}

function ledgerView(chain: TestChain) {
  const key = currentKey(chain);
  return {
    key: key?.publicKey,
    epoch: key?.epoch,
    threshold: key?.threshold,
    holders: key?.custodians.map(({ account, index, publicShare }) => [index, account, publicShare]),
    offers: everybody.slice(0, PEOPLE).map(({ account }) => {
      const offer = offers.get(chain.ledger.read(), account);
      return offer && [offer.sealingKey, offer.organisation];
    }),
    isRunning: running.has(chain.ledger.read(), "release"),
  };
}

function modelView({ key, offers, round }: Model): ReturnType<typeof ledgerView> {
  return {
    key: key && pointHex(key.secret),
    epoch: key?.epoch,
    threshold: key?.threshold,
    holders: key && [...key.holders].map(([index, { who, share }]) => [index, everybody[who]!.account, pointHex(share)]),
    offers: Array.from({ length: PEOPLE }, (_, who) => {
      const offer = offers.get(who);
      return offer && [keyOf(who, offer.key), houses[offer.house]!.account];
    }),
    isRunning: round !== undefined,
  };
}

it("answers every message as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string>();
  const run = async (choices: readonly Choice[]) => {
    const { chain, alliance } = await found();
    const model = createModel();
    let ceremonyId = testBytes("no ceremony yet");
    for (const choice of choices) {
      const steps = operationsOf(model, choice, chain.now);
      for (const step of steps) if (step.kind === "wait") chain.now += step.windows * WINDOW_MS;
      passTime(model, chain.now);
      const sent = steps.flatMap((step) => {
        if (step.kind === "wait") return [];
        const bytes = chain.sign(signersOf(step, alliance), [messageOf(chain, ceremonyId, model, step)]);
        return [{ step, bytes, expected: apply(model, step, chain.now) }];
      });
      const { txResults, events } = await chain.block(...sent.map(({ bytes }) => bytes));
      for (const { type } of events) seen.add(type).add(`${type} by itself`);
      for (const [at, { step, expected }] of sent.entries()) {
        const { refusal, events: done } = txResults[at]!;
        expect(refusal?.id, JSON.stringify(step)).toBe(expected);
        for (const what of refusal ? [refusal.id] : done.map(({ type }) => type)) seen.add(what);
        if (step.kind === "start" && !refusal) ceremonyId = done[0]!.data.ceremonyId as string;
      }
      expect(ledgerView(chain)).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  const choices = fc.array(choice, { minLength: 1, maxLength: 200, size: "max" });
  await fc.assert(fc.asyncProperty(choices, run), modelRuns(7, 7));

  const refusals = ["BadNodeProof", "KeyNotOffered", "RepeatedOrganisation", "SealingKeyReused", "AlreadyOffered"].map(
    (name) => `custody/${name}`,
  );
  const byItself = ["custody.finished by itself", "custody.failed by itself"];
  const wanted = [...custodyModule.events.map(({ type }) => type), ...byItself, ...refusals];
  expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
  expect([...seen].filter((what) => what.includes("/")).length, "kinds of refusals").toBeGreaterThanOrEqual(19);
});
