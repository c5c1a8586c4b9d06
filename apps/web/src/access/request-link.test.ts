import { expect, it } from "vitest";
import { MAX_REASON_LENGTH, parseRequestLink, requestLink } from "./request-link.ts";

const link = { proposalId: "a".repeat(64), reason: { text: "胸痛 & fever #2 <b>", nonce: "b".repeat(64) } };

it("is read as it was made, and tells the server nothing", () => {
  const url = new URL(requestLink(link, "http://127.0.0.1:8080"));
  expect(parseRequestLink(url.hash)).toEqual(link);
  expect([url.pathname, url.search]).toEqual(["/wallet/requests", ""]);
});

it.each([
  ["nothing", ""],
  ["another link", `#to=${"a".repeat(64)}&name=Ann`],
  ["a short id", `#request=${"a".repeat(63)}&nonce=${"b".repeat(64)}&reason=x`],
  ["capital digits", `#request=${"A".repeat(64)}&nonce=${"b".repeat(64)}&reason=x`],
  ["no nonce", `#request=${"a".repeat(64)}&reason=x`],
  ["no reason", `#request=${"a".repeat(64)}&nonce=${"b".repeat(64)}`],
  ["a long reason", `#request=${"a".repeat(64)}&nonce=${"b".repeat(64)}&reason=${"x".repeat(MAX_REASON_LENGTH + 1)}`],
])("is none: %s", (_name, hash) => {
  expect(parseRequestLink(hash)).toBeUndefined();
});
