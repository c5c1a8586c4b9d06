import { expect, it } from "vitest";
import { documentedAdmission, documentedFirewall } from "./documented-firewall.ts";

// That machines work behind them is tried in the fault lab, which needs root.
it("takes rules and command from the guide, with other addresses", async () => {
  const rules = await documentedFirewall(["10.0.0.1", "10.0.0.2"]);
  expect(rules).toContain("elements = { 10.0.0.1, 10.0.0.2 }");
  expect(rules).not.toContain("192.0.2.");
  expect(rules).toContain("policy drop;");
  expect([...rules.matchAll(/dport (\d+)/g)].map(([, port]) => port)).toEqual(["22", "26656", "443"]);
  expect((await documentedAdmission("10.0.0.3")).join(" ")).toBe("nft add element inet firewall nodes { 10.0.0.3 }");
});
