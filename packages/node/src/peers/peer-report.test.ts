import { expect, it } from "vitest";
import { parseBaseUrl } from "./peer-report.ts";

it.each([
  "http://127.0.0.1:8080",
  "https://node.example/galen",
  "http://node_1:8080",
  "https://[2001:db8::1]:8443",
  "https://xn--bcher-kva.example",
])("%s can be the base of a node's API", (text) => {
  expect(parseBaseUrl(text)).toBe(text);
  expect(parseBaseUrl(`${text}/`)).toBe(text);
});

it.each([
  "https://x;frame-ancestors",
  "https://x'unsafe-inline'",
  "https://x,y",
  "https://*",
  "https://user:secret@node.example",
  "https://node.example?a=b",
  "ftp://node.example",
  `https://${"a".repeat(250)}.example`,
])("%s cannot", (text) => {
  expect(parseBaseUrl(text)).toBe(undefined);
});
