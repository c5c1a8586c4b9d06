import fc from "fast-check";
import { expect, it } from "vitest";
import type { TxResult } from "../../app/execute.ts";
import { expectDone } from "../../testing/actors.ts";
import { ask } from "../../testing/ask.ts";
import { testBytes } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import type { Message } from "../../tx/transaction.ts";
import { GENERAL, MENTAL, sealedObject, sealMessage } from "../vault/testing/scene.ts";
import { apply, compartments, createModel, type Model, type Operation, operation, owners, targetOf } from "./emergency.model.ts";
import { emergencyModule } from "./index.ts";
import { allowMessage, type EmergencyTown, emergencyMessage, forbidMessage, foundEmergencyTown, reviewMessage } from "./testing/scene.ts";

const labels = { general: GENERAL, mental: MENTAL };

function objectOf(town: EmergencyTown, owner: (typeof owners)[number], compartment: (typeof compartments)[number]) {
  return sealedObject(town[owner], `${owner} ${compartment}`, labels[compartment]);
}

function actorOf(step: Operation) {
  if (step.kind === "request") return step.reader;
  return step.kind === "review" ? step.by : step.owner;
}

function messageOf(town: EmergencyTown, model: Model, step: Operation, ids: readonly string[], nonce: number): Message {
  switch (step.kind) {
    case "allow":
      return allowMessage(town[step.owner], ...(step.opens === "everything" ? [] : step.opens.map((compartment) => labels[compartment])));
    case "forbid":
      return forbidMessage(town[step.owner]);
    case "request": {
      const objectIds = step.asked.map((compartment) => objectOf(town, step.owner, compartment).objectId);
      return emergencyMessage(town.chain, town[step.reader], { objectIds, nonce: String(nonce) });
    }
    case "review": {
      const house = { auditor: town.authority, houseAuditor: town.hospital, patient: undefined, neighbour: undefined }[step.by];
      return reviewMessage(ids[targetOf(model, step.use)] ?? testBytes("none"), house);
    }
  }
}

/** The id of the refusal, or what a request was logged as. */
function answerOf({ refusal, events }: TxResult): string | undefined {
  const logged = events[0]?.data.outcome as { kind: string; under?: string; reason?: string } | undefined;
  return refusal?.id ?? logged?.under ?? logged?.reason;
}

it("answers as the model does, keeps its invariants, and replays to the same state", { timeout: modelTimeout(120_000) }, async () => {
  const seen = new Set<string>();
  const run = async (operations: readonly Operation[]) => {
    const town = await foundEmergencyTown();
    const { chain } = town;
    for (const owner of owners) {
      await expectDone(chain.run(town[owner], sealMessage(...compartments.map((compartment) => objectOf(town, owner, compartment)))));
    }
    const member = { organisation: town.hospital.account, member: town.nurse.account, roles: ["nurse"] };
    await expectDone(chain.run(town.hospital, { type: "accounts.setMember", value: member }));
    const model = createModel();
    const ids: string[] = [];
    for (const [nonce, step] of operations.entries()) {
      chain.now += step.waitMs;
      const message = messageOf(town, model, step, ids, nonce);
      const { now } = chain;
      const result = await chain.run(town[actorOf(step)], message);
      const expected = apply(model, step, now);
      expect(answerOf(result)).toBe(expected);
      const use = result.events.find(({ type }) => type === "emergency.used");
      if (use) ids.push(use.data.releaseId as string);
      seen.add(expected ?? message.type);
      if (expected === "emergency") seen.add(message.type);
      const waiting = model.uses.flatMap(({ byAuditor }, at) => (byAuditor ? [] : [ids[at]]));
      const { uses } = ask(chain, "emergency.unreviewed") as { uses: { releaseId: string }[] };
      expect(uses.map(({ releaseId }) => releaseId)).toEqual(waiting.slice(0, uses.length));
      expect(uses.length).toBe(Math.min(32, waiting.length));
    }
    await chain.checkInvariants();
    await chain.checkReplay();
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 120, size: "max" }), run), modelRuns(4, 5));

  const messages = emergencyModule.messages.map(({ type }) => type);
  expect([...seen].filter((what) => messages.includes(what)).toSorted()).toEqual(messages.toSorted());
  const others = ["TooManyEmergencies", "WrongCompartment", "CredentialMissing", "EmergencyNotAllowed", "emergency/AlreadyReviewed"];
  expect(others.filter((name) => !seen.has(name))).toEqual([]);
});
