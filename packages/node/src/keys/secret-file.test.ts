import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@galen/ledger/crypto/hex";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSecretFile } from "./secret-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-secret-"));
  path = join(folder, "validator.json");
});
afterEach(() => rm(folder, { recursive: true }));

describe("a secret file", () => {
  it("holds the secret that was made for it, for its owner's eyes", async () => {
    const secret = await openSecretFile(path);
    expect(secret).toHaveLength(32);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ secret: bytesToHex(secret) });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await openSecretFile(path)).toEqual(secret);
  });

  it("is another one for each path", async () => {
    expect(await openSecretFile(path)).not.toEqual(await openSecretFile(join(folder, "other.json")));
  });

  const secret = "0a".repeat(32);
  it.each([
    ["nothing", ""],
    ["no JSON", secret],
    ["half of it", `{"secret":"${secret.slice(0, 32)}`],
    ["a secret that is too short", `{"secret":"${secret.slice(2)}"}`],
    ["a secret that is too long", `{"secret":"${secret}00"}`],
    ["capitals", `{"secret":"${secret.toUpperCase()}"}`],
    ["another name", `{"key":"${secret}"}`],
  ])("that holds %s is refused and left as it is", async (_, text) => {
    await writeFile(path, text);
    await expect(openSecretFile(path)).rejects.toThrow(`the file ${path} holds no key`);
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("that cannot be read is refused", async () => {
    await expect(openSecretFile(folder)).rejects.toMatchObject({ code: "EISDIR" });
  });
});
