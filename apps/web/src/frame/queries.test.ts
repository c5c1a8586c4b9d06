import { setTimeout } from "node:timers/promises";
import { contentHash } from "@galen/gateway/fhir/content-hash";
import { writeJson } from "@galen/gateway/fhir/json-value";
import { mergeDocuments } from "@galen/gateway/fhir/merge";
import { readJson } from "@galen/gateway/fhir/read-json";
import { MutationObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { type ChartDocument, readChart } from "../chart/chart.ts";
import { measurementsIn } from "../chart/measurements.ts";
import { queries } from "./queries.ts";

const lab = (id: string, day: string, value: string): ChartDocument => ({
  objectId: id,
  title: id,
  day,
  compartment: "laboratory",
  author: "a",
  content: readJson(
    new TextEncoder().encode(
      `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"${day}","code":{"text":"Potassium"},"valueQuantity":{"value":${value},"unit":"mmol/L"}}}]}`,
    ),
    id,
  ) as ChartDocument["content"],
});

const [old, newer, newest] = [lab("1", "2025-01-01", "4.10"), lab("2", "2025-02-01", "5.20"), lab("3", "2025-03-01", "6.30")];

test("leaves numbers with their digits when a list is asked for anew, and its entries stand at other places", () => {
  const key = ["own-chart", "me"];
  queries.setQueryData(key, readChart([old, newer]));
  const open = (queries.getQueryData(key) as ReturnType<typeof readChart>).documents;
  queries.setQueryData(key, readChart([...open, newest]));
  const chart = queries.getQueryData(key) as ReturnType<typeof readChart>;
  const text = new TextDecoder().decode(writeJson(mergeDocuments(chart.documents.toReversed().map(({ content }) => content))));
  expect(text).not.toContain("rawJSON");
  expect(measurementsIn(chart.documents)[0]?.readings.map(({ digits }) => digits)).toEqual(["4.10", "5.20", "6.30"]);
});

test("leaves documents what was signed when another one comes before them", async () => {
  const key = ["patient-record", "doctor", "patient"];
  const record = { documents: [newer, old] };
  queries.setQueryData(key, record);
  const before = await contentHash(newer.content);
  queries.setQueryData(key, { ...record, documents: [newest, ...record.documents] });
  const after = (queries.getQueryData(key) as typeof record).documents.find(({ objectId }) => objectId === "2")!;
  expect(await contentHash(after.content)).toBe(before);
});

test("forgets what a form was given when the form has gone", async () => {
  const form = new MutationObserver(queries, { mutationFn: async (words: string) => words.length });
  const leave = form.subscribe(() => undefined);
  await form.mutate("abandon ability able");
  leave();
  await setTimeout(1);
  expect(queries.getMutationCache().getAll()).toEqual([]);
});
