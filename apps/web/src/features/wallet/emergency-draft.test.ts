import { accountKeys } from "@galen/sdk/keys/account-keys";
import { webRandom } from "@galen/sdk/keys/random";
import { createSeedWords, seedFromWords } from "@galen/sdk/keys/seed";
import { ownAccount } from "@galen/sdk/transactions/own-account";
import { expect, it } from "vitest";
import { keyedAreaLabels } from "../../records/area-labels.ts";
import { draftOf, type EmergencyDraft, emergencyMessage, isSame } from "./emergency-draft.ts";

const drafts: readonly EmergencyDraft[] = [
  { what: "nothing", areas: [] },
  { what: "everything", areas: [] },
  { what: "areas", areas: ["general"] },
  { what: "areas", areas: ["medication", "genetics"] },
];

it.each(drafts)("is read back from what was signed: $what $areas", async (draft) => {
  const own = await ownAccount(accountKeys(await seedFromWords(createSeedWords(webRandom)), 0));
  const labels = keyedAreaLabels(own);
  const { type, value } = emergencyMessage(draft, own.account, labels);
  const opens = (value as { opens: never }).opens;
  const setting = type === "emergency.forbid" ? undefined : { opens, setBy: own.account, since: 1 };
  expect(isSame(draftOf(setting, labels), draft)).toBe(true);
  expect(drafts.filter((other) => isSame(other, draft))).toEqual([draft]);
});
