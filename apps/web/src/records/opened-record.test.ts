import { expect, it } from "vitest";
import { type OpenedRecord, withDocument, withUse } from "./opened-record.ts";

const document = (objectId: string): OpenedRecord["documents"][number] => ({
  ...{ objectId, title: objectId, day: undefined, compartment: "general", label: "ab", author: "ann" },
  content: { resourceType: "Bundle" },
});

const use = (...asked: readonly string[]) => ({ reason: { text: "fall", nonce: "00", reasonHash: "11" }, asked: new Set(asked), older: 1 });

const before: OpenedRecord = {
  ...{ documents: [document("new")], unreadable: [], purpose: "ETREAT", openedAt: 5, releaseIds: ["first"], labels: new Map() },
  emergency: use("new"),
};

const further = {
  read: { documents: [document("old")], unreadable: ["cd"], releaseIds: ["second"] },
  known: [],
  emergency: use("new", "old"),
};

const idsOf = (record: OpenedRecord | undefined) => record?.documents.map(({ objectId }) => objectId);

it("lays a further use in an emergency into what is open by then", () => {
  const whole = withUse(withDocument(before, document("note")), before, further);
  expect(idsOf(whole)).toEqual(["note", "new", "old"]);
  expect(whole).toMatchObject({ openedAt: 5, unreadable: ["cd"], releaseIds: ["first", "second"], emergency: further.emergency });
  expect(whole?.labels).toEqual(new Map([["general", "ab"]]));
});

it("lays each document in once, however often it was opened or filed", () => {
  expect(idsOf(withUse(withUse(before, before, further), before, further))).toEqual(["new", "old"]);
  expect(idsOf(withDocument(withDocument(before, document("note")), document("note")))).toEqual(["note", "new"]);
});

it("brings no record back that was closed meanwhile, and leaves one that was opened anew", () => {
  expect(withUse(undefined, before, further)).toBeUndefined();
  expect(withDocument(undefined, document("note"))).toBeUndefined();
  const anew = { ...before, openedAt: 6 };
  expect(withUse(anew, before, further)).toBe(anew);
});
