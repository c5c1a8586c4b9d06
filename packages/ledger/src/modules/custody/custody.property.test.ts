import fc from "fast-check";
import { expect, it } from "vitest";
import { type TestChain, testBytes } from "../../testing/chain.ts";
import type { Message } from "../../tx/transaction.ts";
import {
  apply,
  type Choice,
  choice,
  createModel,
  dealerIndex,
  type Model,
  type Operation,
  operationOf,
  passTime,
  polynomialOf,
  WINDOW_MS,
} from "./custody.model.ts";
import { custodyModule } from "./index.ts";
import { running } from "./state.ts";
import { currentKey, dealMessage, pointHex, scalarHex, shareOf, startMessage, testPolynomial } from "./testing/custodians.ts";
import { custodian, everybody, found } from "./testing/scene.ts";

/** The operation as a message; `model` stands before it. */
function messageOf(chain: TestChain, ceremonyId: string, model: Model, step: Exclude<Operation, { kind: "wait" }>): Message {
  switch (step.kind) {
    case "start": {
      const custodians = step.people.map((who) => everybody[who]!);
      const kind = (model.key !== undefined) !== step.odd ? "reshare" : "generate";
      return startMessage({
        kind,
        threshold: step.threshold,
        custodians,
        round: `round ${model.rounds + 1}`,
        windowMs: WINDOW_MS,
      });
    }
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

function ledgerView(chain: TestChain) {
  const key = currentKey(chain);
  return {
    key: key?.publicKey,
    epoch: key?.epoch,
    threshold: key?.threshold,
    holders: key?.custodians.map(({ account, index, publicShare }) => [index, account, publicShare]),
    isRunning: running.has(chain.ledger.read(), "release"),
  };
}

function modelView({ key, round }: Model): ReturnType<typeof ledgerView> {
  return {
    key: key && pointHex(key.secret),
    epoch: key?.epoch,
    threshold: key?.threshold,
    holders: key && [...key.holders].map(([index, { who, share }]) => [index, everybody[who]!.account, pointHex(share)]),
    isRunning: round !== undefined,
  };
}

it("answers every message as the model does, keeps its invariants, and replays to the same state", { timeout: 120_000 }, async () => {
  const seen = new Set<string>();
  const run = async (choices: readonly Choice[]) => {
    const { chain, alliance } = await found();
    const model = createModel();
    let ceremonyId = testBytes("no ceremony yet");
    for (const choice of choices) {
      const step = operationOf(model, choice, chain.now);
      if (step.kind === "wait") chain.now += step.windows * WINDOW_MS;
      passTime(model, chain.now);
      const message = step.kind === "wait" ? undefined : messageOf(chain, ceremonyId, model, step);
      const expected = apply(model, step, chain.now);
      const actor = step.kind === "start" || step.kind === "wait" ? alliance : custodian(step.who + 1);
      const { txResults, events } = await chain.block(...(message ? [chain.sign([actor], [message])] : []));
      const result = txResults[0];
      expect(result?.refusal?.id, JSON.stringify(step)).toBe(expected);
      for (const { type } of events) seen.add(`${type} by itself`);
      for (const what of result?.refusal ? [result.refusal.id] : (result?.events ?? []).map(({ type }) => type)) seen.add(what);
      if (step.kind === "start" && result?.code === 0) ceremonyId = result.events[0]!.data.ceremonyId as string;
      expect(ledgerView(chain)).toEqual(modelView(model));
      await chain.checkInvariants();
    }
    await chain.checkReplay();
  };
  const choices = fc.array(choice, { minLength: 1, maxLength: 200, size: "max" });
  await fc.assert(fc.asyncProperty(choices, run), { numRuns: 7, seed: 3 });

  const wanted = [...custodyModule.events.map(({ type }) => type), "custody.finished by itself", "custody.failed by itself"];
  expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
  expect([...seen].filter((what) => what.includes("/")).length, "kinds of refusals").toBeGreaterThanOrEqual(14);
});
