import fc from "fast-check";
import { expect, it } from "vitest";
import { testBytes } from "../../testing/chain.ts";
import { modelRuns, modelTimeout } from "../../testing/model-runs.ts";
import { ask } from "../vault/testing/scene.ts";
import { apply, createModel, founding, historyOf, names, type Operation, operation, owners } from "./records.model.ts";
import type { Relation } from "./schema.ts";
import { addMessage, foundRecordsTown, type RecordsTown } from "./testing/scene.ts";

const ids = new Map(names.map((name) => [name, testBytes(`object ${name}`)]));
const nameOf = new Map([...ids].map(([name, objectId]) => [objectId, name]));

function messageOf(town: RecordsTown, { filed, forHospital }: Operation) {
  const documents = filed.map(({ name, owner, kind, target }) => {
    const relation: Relation = kind === "none" ? { kind } : { kind, objectId: ids.get(target)! };
    return { name, owner: town[owner], relation };
  });
  return addMessage(documents, forHospital ? town.hospital : undefined);
}

interface Listed {
  readonly objectId: string;
  readonly author: string;
}

it("answers every message as the model does, keeps its invariants, and replays to the same state", {
  timeout: modelTimeout(120_000),
}, async () => {
  const seen = new Set<string | undefined>();
  const run = async (operations: readonly Operation[]) => {
    const town = await foundRecordsTown();
    const { chain } = town;
    const model = createModel();
    for (const step of [founding, ...operations]) {
      const expected = apply(model, step);
      const { refusal } = await chain.run(town[step.by], messageOf(town, step));
      expect(refusal?.id, JSON.stringify(step)).toBe(expected);
      seen.add(expected);
      for (const owner of owners) {
        const { documents } = ask<{ documents: Listed[] }>(chain, "records.ofOwner", { owner: town[owner].account, limit: 100 });
        const filed = model.documents.filter((document) => document.owner === owner);
        expect(documents.reverse().map(({ objectId, author }) => [nameOf.get(objectId), author])).toEqual(
          filed.map(({ name, author }) => [name, town[author].account]),
        );
      }
      await chain.checkInvariants();
    }
    for (const { name } of model.documents) {
      const { documents } = ask<{ documents: Listed[] }>(chain, "records.history", { objectId: ids.get(name)! });
      expect(documents.map(({ objectId }) => nameOf.get(objectId))).toEqual(historyOf(model, name));
    }
    await chain.checkReplay();
  };
  const operations = fc.array(operation, { minLength: 1, maxLength: 100, size: "max" });
  await fc.assert(fc.asyncProperty(operations, run), modelRuns(5, 2));
  const refusals = ["AlreadyFiled", "ForeignTarget", "NotAuthor", "UnknownDocument"].map((name) => `records/${name}`);
  expect([undefined, ...refusals].filter((what) => !seen.has(what))).toEqual([]);
});
