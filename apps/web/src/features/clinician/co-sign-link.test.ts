import { expect, it } from "vitest";
import { coSignLink, documentAddress, parseCoSignLink } from "./co-sign-link.ts";

const named = { owner: "aa".repeat(32), objectId: "0b".repeat(32) };
const link = coSignLink(named, "https://galen.example");

it("carries patient and document from screen to screen, behind the hash, and nothing else", () => {
  expect(link).toBe(`https://galen.example/clinician/co-sign#patient=${named.owner}&document=${named.objectId}`);
  expect(parseCoSignLink(new URL(link).hash)).toEqual(named);
  expect(documentAddress(named)).toBe(`/clinician/patients/${named.owner}/documents/${named.objectId}`);
});

it.each([
  ["nothing", ""],
  ["another link", `#request=${named.owner}`],
  ["half of it", `#patient=${named.owner}`],
  ["an id that was cut", `#patient=${named.owner}&document=${named.objectId.slice(1)}`],
  ["a way out of the page", `#patient=${named.owner}&document=../../../wallet`],
  ["a script", `#patient=${named.owner}&document=javascript:alert(1)`],
  ["capitals", `#patient=${named.owner.toUpperCase()}&document=${named.objectId}`],
])("is not read out of %s", (_, hash) => {
  expect(parseCoSignLink(hash)).toBeUndefined();
});
