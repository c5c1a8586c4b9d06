import { GalenError } from "@galen/sdk/client/galen-error";
import { expect, it } from "vitest";
import { describeFailure } from "./failure.ts";
import { defineTexts } from "./texts.ts";

const refused = (id: string, sentence: string) => new GalenError({ id, status: 409, sentence, details: {} });

it("begins what the ledger says with a capital, and keeps the app's own words and a desk's", () => {
  expect(describeFailure(refused("accounts/AlreadyMember", "the organisation is a member already"))).toEqual({
    title: "That was not possible",
    text: "The organisation is a member already",
    id: "accounts/AlreadyMember",
  });
  expect(describeFailure(refused("vault/NotOwner", "only the owner may"))).toMatchObject({
    text: "Only the owner of the records may do this.",
  });
  const desk = defineTexts({ en: { "vault/NotOwner": "Ask the family." }, zh: { "vault/NotOwner": "请询问家人。" } });
  expect(describeFailure(refused("vault/NotOwner", "only the owner may"), desk)).toMatchObject({ text: "Ask the family." });
});
