import { expect, it } from "vitest";
import { parsePinned, parseTrust } from "./parse-trust.ts";

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

it.each([
  "",
  "{",
  "null",
  JSON.stringify({ chainId: "town", validatorsHash }),
  JSON.stringify({ chainId: "town", validatorsHash, seenAt: "now", genesisHash: validatorsHash }),
])("says of a wallet whose network is %j that it is damaged, and forgets no network for it", (text) => {
  expect(() => parsePinned(text, "network.json")).toThrow("cli/BrokenWallet");
});

it("reads the network of a wallet", () => {
  const pinned = { chainId: "town", validatorsHash, height: 3, seenAt: 1_700_000_000_000, earlier: [], genesisHash: "cd".repeat(32) };
  expect(parsePinned(JSON.stringify(pinned), "network.json")).toEqual(pinned);
});
