import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createProgram } from "./program.ts";

const run = (...words: readonly string[]) =>
  createProgram()
    .configureOutput({ writeOut: () => {} })
    .parseAsync([...words], { from: "user" });

describe("--version", () => {
  it("is the program's where it stands before all verbs", async () => {
    await expect(run("--version")).rejects.toMatchObject({ code: "commander.version" });
  });

  it("is the verb's own after `governance propose upgrade`, which goes on to look for the wallet", async () => {
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const wallet = join(tmpdir(), "galen-no-such-wallet");
    await run("governance", "propose", "upgrade", "--height", "9", "--version", "4", "--as", "My House", "--wallet", wallet);
    expect(String(told.mock.calls)).toContain("cli/NoWallet");
    told.mockRestore();
    process.exitCode = undefined;
  });
});

describe("an option", () => {
  it.each([
    [["grant", "--as", "A", "--to", "B", "--purpose", "--json"], "--purpose"],
    [["export", "--patient", "--out"], "--patient"],
  ])("refuses the next one for its value: %j", async (words, option) => {
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await run(...words);
    expect(String(told.mock.calls)).toContain("cli/BadValue");
    expect(String(told.mock.calls)).toContain(option);
    told.mockRestore();
    process.exitCode = undefined;
  });
});
