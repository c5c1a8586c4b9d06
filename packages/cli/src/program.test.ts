import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createProgram } from "./program.ts";

const run = async (...words: readonly string[]) =>
  (await createProgram(words)).configureOutput({ writeOut: () => {} }).parseAsync([...words], { from: "user" });

const complete = (await createProgram([])).commands.map((command) => command.name());

it.each(complete)("what begins with %s loads that verb alone", async (verb) => {
  const { commands } = await createProgram([verb, "--help"]);
  expect(commands.map((command) => command.name())).toEqual([verb]);
});

it.each([[["grnat"]], [["--help"]], [["help", "grant"]], [["constructor"]]])("what begins with none has them all: %j", async (words) => {
  const { commands } = await createProgram(words);
  expect(commands.map((command) => command.name())).toEqual(complete);
  expect(complete).toContain("grant");
});

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
    [["grant", "--as", "A", "--to", "B", "--purpose", "--everything"], "--purpose"],
    [["export", "--patient", "--out"], "--patient"],
    [["export", "--patient", "A", "--patient", "B"], "--patient"],
    [["grant", "--as", "A", "--to", "B", "--everything", "--as=A"], "--as"],
    [["status", "--url", "http://a.example", "--url", "http://b.example"], "--url"],
    [["start", "--config", "--empty"], "--config"],
    [["read", "--emergency", "--purpose", "HRESCH", "--reason", "r", "--patient", "A", "--as", "B"], "--purpose"],
    [["read", "--emergency", "--grant", "ab", "--reason", "r", "--patient", "A", "--as", "B"], "--grant"],
    [["read", "--reason", "r", "--patient", "A", "--as", "B"], "--reason"],
    [["read", "--emergency", "--reason", "r", "--skip", "64", "--record", "ab", "--as", "B"], "--skip"],
    [["read", "--skip", "64", "--patient", "A", "--as", "B"], "--skip"],
    [["start", "--config", "/nowhere/a.json", "--config", "/nowhere/b.json"], "--config"],
    [["guardians", "set", "--guardian", "A", "--threshold", "1", "--as", "B", "--delay", "5m"], "--delay"],
    [["guardians", "set", "--guardian", "A", "--threshold", "1", "--as", "B", "--delay", "91d"], "--delay"],
  ])("refuses the next one for its value, another value beside it, and one that does not fit: %j", async (words, option) => {
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await run(...words);
    expect(String(told.mock.calls)).toContain("cli/BadValue");
    expect(String(told.mock.calls)).toContain(`option: ${option}`);
    expect(process.exitCode).toBe(2);
    told.mockRestore();
    process.exitCode = undefined;
  });
});

it.each([
  [["records", "list", "--as", "--json"]],
  [["grant", "--as", "A", "--to", "B", "--purpose", "--json"]],
  [["network", "status", "--url", "--json"]],
  [["start", "--port", "--json"]],
])("--json that an option takes for its value asks for JSON all the same: %j", async (words) => {
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await run(...words);
  expect(JSON.parse(String(told.mock.calls[0]?.[0]))).toMatchObject({ error: { id: "cli/BadValue" } });
  told.mockRestore();
  process.exitCode = undefined;
});
