import { expect, it } from "vitest";
import { parseTrust } from "./parse-trust.ts";

const validatorsHash = "ab".repeat(32);

it("reads a network and its validators", () => {
  expect(parseTrust(JSON.stringify({ chainId: "town", validatorsHash, more: 1 }), "network.json")).toEqual({
    chainId: "town",
    validatorsHash,
    height: 1,
    earlier: [],
  });
});

it.each(["", "{", "null", "[]", '"secret"', '{"chainId":1,"validatorsHash":"00"}', '{"chainId":"town"}'])(
  "refuses %j and does not repeat it",
  (text) => {
    const refused = () => parseTrust(text, "network.json");
    expect(refused).toThrow("cli/NoTrust");
    expect(refused).not.toThrow("secret");
  },
);
