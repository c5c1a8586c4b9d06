import type { KnownObject } from "@galen/sdk/records/sealed-object";
import { expect, it } from "vitest";
import { contentsOf, type UnreadableRecord } from "./owned-records.ts";

const opened = (objectId: string, text: string) => ({ object: { objectId } as KnownObject, plaintext: new TextEncoder().encode(text) });
const good = opened("good", '{"resourceType":"Bundle","type":"collection"}');

it.each([
  ["no JSON", "{", "json/Syntax"],
  ["nothing", "null", "fhir/NotABundle"],
  ["a list", "[]", "fhir/NotABundle"],
  ["a text", '"Bundle"', "fhir/NotABundle"],
  ["another resource", '{"resourceType":"Patient"}', "fhir/NotABundle"],
])("passes over an object that holds %s, and tells of it", (_, text, id) => {
  const told: UnreadableRecord[] = [];
  const contents = contentsOf([opened("bad", text), good], (unreadable) => told.push(unreadable));
  expect(contents).toMatchObject([{ object: { objectId: "good" }, content: { resourceType: "Bundle" } }]);
  expect(told).toMatchObject([{ object: { objectId: "bad" }, error: { id } }]);
  expect(() => contentsOf([opened("bad", text), good])).toThrow(expect.objectContaining({ id }));
});
