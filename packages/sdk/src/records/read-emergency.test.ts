import { bytesToHex, hexToBytes } from "@galen/ledger/crypto/hex";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { describe, expect, it } from "vitest";
import { createClient } from "../client/client.ts";
import { commitReason, fitsReason } from "./read-emergency.ts";

const client = createClient({ url: "http://node.test" });

describe("a reason", () => {
  it("is committed to by the hash of its nonce and text, as a reviewer computes it", () => {
    const { text, nonce, reasonHash } = commitReason(client, "昏迷，无法作答");
    const bytes = Uint8Array.of(...hexToBytes(nonce)!, ...new TextEncoder().encode(text));
    expect(reasonHash).toBe(bytesToHex(portableCrypto.sha256(bytes)));
  });

  it("does not show that it is the same as another one", () => {
    const [first, second] = [commitReason(client, "fall"), commitReason(client, "fall")];
    expect(first.nonce).toMatch(/^[0-9a-f]{64}$/);
    expect(first.reasonHash).not.toBe(second.reasonHash);
  });

  it("that is no text is refused", () => {
    expect(() => commitReason(client, "\ud800")).toThrow(RangeError);
  });

  it.each([
    ["word for word, with its nonce", {}, true],
    ["with another word", { text: "unconscious, alone" }, false],
    ["with another nonce", { nonce: "00".repeat(32) }, false],
    ["with a nonce that is none", { nonce: "unconscious" }, false],
    ["that is no text", { text: "\ud800" }, false],
  ])("%s is judged by its hash", (_, change, fits) => {
    expect(fitsReason({ ...commitReason(client, "unconscious"), ...change }, portableCrypto)).toBe(fits);
  });

  it("cannot be divided from its nonce in another place", () => {
    const { nonce, text, reasonHash } = commitReason({ ...client, random: (length) => new Uint8Array(length).fill(0x61) }, "unconscious");
    expect(fitsReason({ nonce: nonce.slice(0, -2), text: `a${text}`, reasonHash }, portableCrypto)).toBe(false);
  });
});
