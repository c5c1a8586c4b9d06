import { portableCrypto } from "@galen/ledger/crypto/portable";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountKeys } from "../keys/account-keys.ts";
import { checkDigits, parseRecoveryCode, recoveryCode, recoveryIdFor, recoveryRequest, startRecovery } from "./recovery.ts";

const client = { crypto: portableCrypto };
const account = "ab".repeat(32);
const request = recoveryRequest(
  account,
  accountKeys(
    Uint8Array.from({ length: 64 }, (_, index) => index),
    0,
  ),
);

describe("a request for recovery", () => {
  it("comes back out of a code and out of a link", () => {
    expect(parseRecoveryCode(recoveryCode(request))).toEqual(request);
    expect(parseRecoveryCode(`https://galen.example/wallet/help#${recoveryCode(request)}`)).toEqual(request);
  });

  it("holds public halves only", () => {
    const secret = accountKeys(
      Uint8Array.from({ length: 64 }, (_, index) => index),
      0,
    );
    for (const { secretKey } of [secret.signing, secret.record])
      expect(recoveryCode(request)).not.toContain(Buffer.from(secretKey).toString("hex"));
  });

  it.each([
    ["nothing", ""],
    ["a code that names somebody to give access to", `to=${account}&name=Ada`],
    ["a key cut short", recoveryCode({ ...request, signingKey: request.signingKey.slice(2) })],
    ["a key in capitals", recoveryCode({ ...request, recordKey: request.recordKey.toUpperCase() })],
    ["no record key", recoveryCode(request).replace(/&record=.*/, "")],
    ["script for an account", recoveryCode({ ...request, account: "<script>" })],
  ])("is not found in %s", (_, text) => {
    expect(parseRecoveryCode(text)).toBeUndefined();
  });

  it("is not found in any text by accident, nor does any text break it", () => {
    fc.assert(fc.property(fc.string(), (text) => parseRecoveryCode(text) === undefined));
  });

  it("becomes one and the same act for every guardian", () => {
    expect(startRecovery(request)).toEqual(startRecovery({ ...request }));
    expect(recoveryIdFor(client, request)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("the digits to compare", () => {
  it("are twenty, in groups that can be read out", () => {
    expect(checkDigits(recoveryIdFor(client, request))).toMatch(/^\d{4}( \d{4}){4}$/);
    expect(checkDigits("0".repeat(64))).toBe("0000 0000 0000 0000 0000");
    expect(checkDigits(`${"0".repeat(62)}ff`)).toBe("0000 0000 0000 0000 0255");
  });

  it.each([
    ["account", { account: "cd".repeat(32) }],
    ["signing key", { signingKey: "cd".repeat(32) }],
    ["record key", { recordKey: "cd".repeat(32) }],
  ])("are others for another %s", (_, other) => {
    expect(checkDigits(recoveryIdFor(client, { ...request, ...other }))).not.toBe(checkDigits(recoveryIdFor(client, request)));
  });
});
