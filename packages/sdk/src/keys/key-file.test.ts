import { describe, expect, it } from "vitest";
import { openKeyFile, sealKeyFile } from "./key-file.ts";

const secret = Uint8Array.of(1, 2, 3);
const password = "correct horse \u00c5";
const text = await sealKeyFile(secret, password);
const change = (fields: object) => JSON.stringify({ ...JSON.parse(text), ...fields });

describe("key file", () => {
  it("gives the secret back, however the password is composed", async () => {
    expect(await openKeyFile(text, "correct horse A\u030a")).toEqual(secret);
  });

  // Recorded: a change here locks people out of their files.
  it("of version 1 opens for ever", async () => {
    const recorded = JSON.stringify({
      format: "galen-key-file",
      version: 1,
      salt: "05".repeat(32),
      data: "5ca0d38de6d37a9b5740cd1a57c7003e417fc9",
      checksum: "f4b5cce1849c1c9c57a6f73b0cca4d5374cbfedda0556690a3eb458f8fe28317",
    });
    expect(await openKeyFile(recorded, "recorded")).toEqual(secret);
  });

  it("holds nothing readable and nothing twice", async () => {
    expect(text).not.toContain("010203");
    const { salt, data } = JSON.parse(await sealKeyFile(secret, password)) as { salt: string; data: string };
    expect(text).not.toContain(salt);
    expect(text).not.toContain(data);
  });

  it("refuses a wrong password", async () => {
    await expect(openKeyFile(text, "correct horse")).rejects.toMatchObject({ code: "PasswordWrong" });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", text.slice(0, -4)],
    ["null", "null"],
    ["a list", "[]"],
    ["another format", change({ format: "keystore" })],
    ["no salt", change({ salt: undefined })],
    ["a short salt", change({ salt: "00" })],
    ["a changed salt", change({ salt: "00".repeat(32) })],
    ["changed data", change({ data: "00".repeat(19) })],
    ["data in upper case", change({ data: "AA" })],
    ["a number for data", change({ data: 7 })],
    ["a changed checksum", change({ checksum: "00".repeat(32) })],
  ])("tells a broken file from a wrong password: %s", async (_, broken) => {
    await expect(openKeyFile(broken, password)).rejects.toMatchObject({ code: "KeyFileBroken" });
  });

  it("asks for an update when the version is unknown", async () => {
    await expect(openKeyFile(change({ version: 2 }), password)).rejects.toMatchObject({ code: "KeyFileVersionUnknown" });
  });
});
