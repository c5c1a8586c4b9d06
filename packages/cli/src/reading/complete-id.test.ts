import { emergencyMessage, foundEmergencyTown } from "@galen/ledger/modules/emergency/testing/scene";
import { ledgerVersions } from "@galen/ledger/modules/index";
import { addMessage } from "@galen/ledger/modules/records/testing/scene";
import { releaseOf, sealedObject } from "@galen/ledger/modules/vault/testing/scene";
import { expectDone } from "@galen/ledger/testing/actors";
import { provingClient } from "@galen/sdk/proofs/testing/proving-client";
import { beforeAll, describe, expect, it } from "vitest";
import { errors } from "../errors.ts";
import { beginsWith, completeId, completeRecordId, completeReleaseId } from "./complete-id.ts";

it.each([
  ["ab", true],
  ["abcd", true],
  ["b", false],
  ["abcde", false],
  ["", false],
])("the id abcd begins with %j: %s", (start, expected) => {
  expect(beginsWith("abcd", start)).toBe(expected);
});

describe("of the ids aa1, aa2 and, twice, b1", () => {
  const complete = (start: string) => completeId(start, { ids: async () => ["aa1", "aa2", "b1", "b1"], unknown: errors.UnknownId });

  it.each([
    ["b", "b1"],
    ["aa2", "aa2"],
    ["0".repeat(64), "0".repeat(64)],
  ])("%j names %j", async (start, id) => {
    expect(await complete(start)).toBe(id);
  });

  it.each([
    ["a", "cli/AmbiguousId", { start: "a", ids: 2 }],
    ["c", "cli/UnknownId", { start: "c" }],
    ["", "cli/UnknownId", { start: "" }],
  ])("%j is refused with %s", async (start, id, details) => {
    await expect(complete(start)).rejects.toMatchObject({ kind: { id }, details });
  });
});

describe("on a ledger with one record and one reading of it", () => {
  const kinds = { record: completeRecordId, release: completeReleaseId };
  let complete: (kind: keyof typeof kinds, start: string) => Promise<string>;
  let known: Readonly<Record<keyof typeof kinds, string>>;

  beforeAll(async () => {
    const { chain, patient, stranger } = await foundEmergencyTown({ version: ledgerVersions.at(-1)! });
    await expectDone(chain.run(patient, addMessage([{ name: "document", owner: patient }])));
    const record = sealedObject(patient, "document").objectId;
    const request = emergencyMessage(chain, stranger, { objectIds: [record], nonce: "first" });
    known = { record, release: releaseOf(chain, await expectDone(chain.run(stranger, request))).releaseId };
    const { account } = patient;
    complete = (kind, start) => kinds[kind](provingClient(chain), { owner: account, account, start });
  });

  it.each([
    ["record", "cli/UnknownRecord"],
    ["release", "cli/UnknownRelease"],
  ] as const)("a %s is named by how it begins, and by nothing else: %s", async (kind, id) => {
    expect(await complete(kind, known[kind].slice(0, 8))).toBe(known[kind]);
    const start = `${known[kind].slice(0, 8)}x`;
    await expect(complete(kind, start)).rejects.toMatchObject({ kind: { id }, details: { start } });
  });
});
