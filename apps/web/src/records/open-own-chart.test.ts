import type { OwnedRecord } from "@galen/gateway/reading/owned-records";
import { GalenError } from "@galen/sdk/client/galen-error";
import type { KnownObject } from "@galen/sdk/records/sealed-object";
import { expect, it } from "vitest";
import type { ChartDocument } from "../chart/chart.ts";
import { openOwnChart } from "./open-own-chart.ts";

const unreachable = new GalenError({ id: "client/Unreachable", status: 0, sentence: "the node does not answer" });
const refused = new GalenError({ id: "api/PastMissing", status: 503, sentence: "a block of the past is missing" });
const content = { resourceType: "Bundle", type: "collection", entry: [] };
const document = (objectId: string): ChartDocument => ({
  ...{ objectId, title: objectId, day: undefined, compartment: "general", author: "ann", content },
});
const added = { ...document("new"), label: "ab", relation: { kind: "none" }, facts: { title: "new" } } as unknown as OwnedRecord;
const chartOf = (...ids: readonly string[]) => ({
  ...{ allergies: [], medication: [], conditions: [], procedures: [], vaccinations: [], images: [], unreadable: [] },
  documents: ids.map(document),
});

function opened({
  before = undefined as ReturnType<typeof chartOf> | undefined,
  fault = undefined as Error | undefined,
  kept = ["kept"],
  isFull = false,
}) {
  const saved: string[][] = [];
  const chart = openOwnChart({
    before,
    changes: async (_, onUnreadable) => {
      if (fault) throw fault;
      onUnreadable({ object: { policy: { compartment: "cd" } } as KnownObject, error: new Error("altered") });
      return { added: [added], erased: new Set(["erased"]) };
    },
    kept: async () => (kept.length === 0 ? undefined : kept.map(document)),
    keep: async (documents) => {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      saved.push(documents.map(({ objectId }) => objectId));
    },
  });
  return { chart, saved };
}

it.each([
  ["the first time", {}, ["new"], false, undefined],
  ["on top of what is open", { before: chartOf("erased", "old") }, ["old", "new"], false, undefined],
  ["although the device is full", { isFull: true }, ["new"], true, undefined],
  ["as they were kept, while the node is away", { fault: unreachable }, ["kept"], undefined, unreachable],
  ["as they are open, while the node is away", { fault: unreachable, before: chartOf("old") }, ["old"], undefined, unreachable],
] as const)("opens somebody's records %s", async (_, given, ids, isUnkept, away) => {
  const { chart, saved } = opened(given);
  const { documents, ...rest } = await chart;
  expect(documents.map(({ objectId }) => objectId)).toEqual(ids);
  expect([rest.isUnkept, rest.away]).toEqual([isUnkept, away]);
  // That it did not open is told again, each time it is asked for.
  expect(rest.unreadable).toEqual(away ? [] : ["cd"]);
  expect(saved).toEqual(isUnkept === false ? [ids] : []);
});

it.each([
  ["the node is away and nothing was kept", unreachable, []],
  ["the node refuses", refused, ["kept"]],
] as const)("fails where %s", async (_, fault, kept) => {
  await expect(opened({ fault, kept: [...kept] }).chart).rejects.toBe(fault);
});
