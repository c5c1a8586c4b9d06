import type { Compartment } from "@galen/gateway/fhir/compartment";
import { labelsOf, ownCompartments } from "@galen/gateway/reading/compartment-labels";
import { accountKeys } from "@galen/sdk/keys/account-keys";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords, seedFromWords } from "@galen/sdk/keys/seed";
import { ownAccount } from "@galen/sdk/transactions/own-account";
import { expect, it } from "vitest";
import { draftOf, type EmergencyDraft, emergencyMessage, isSame, missingLabels } from "./emergency-draft.ts";

const drafts: readonly EmergencyDraft[] = [
  { what: "nothing", areas: [] },
  { what: "everything", areas: [] },
  { what: "areas", areas: ["general"] },
  { what: "areas", areas: ["medication", "genetics"] },
];

it.each(drafts)("is read back from what was signed: $what $areas", async (draft) => {
  const own = await ownAccount(accountKeys(await seedFromWords(createSeedWords(webRandom)), 0));
  const known = { own: ownCompartments(own), documents: [], unreadable: [] };
  const labels = { labelsOf: (areas: readonly Compartment[]) => labelsOf(areas, known) };
  const { type, value } = emergencyMessage(draft, own.account, labels.labelsOf(draft.areas));
  const opens = (value as { opens: never }).opens;
  const setting = type === "emergency.forbid" ? undefined : { opens, setBy: own.account, since: 1 };
  expect(isSame(draftOf(setting, labels), draft)).toBe(true);
  expect(drafts.filter((other) => isSame(other, draft))).toEqual([draft]);
});

it("tells which labels of authors a setting does not name yet", () => {
  const setting = { opens: { kind: "compartments" as const, labels: ["a", "b"] }, setBy: "own", since: 1 };
  expect(missingLabels(setting, ["a", "c"])).toEqual(["c"]);
  expect(missingLabels(setting, ["b"])).toEqual([]);
  expect(missingLabels({ ...setting, opens: { kind: "everything" } }, ["c"])).toEqual([]);
  expect(missingLabels(undefined, ["c"])).toEqual([]);
});
