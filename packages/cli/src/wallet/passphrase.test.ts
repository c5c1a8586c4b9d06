import { stdin } from "node:process";
import { afterEach, expect, it, vi } from "vitest";
import { askFilePassphrase, askPassphrase, chooseFilePassphrase, choosePassphrase } from "./passphrase.ts";

/** What is typed, line by line; undefined for Ctrl-C. */
const lines: (string | undefined)[] = [];
vi.mock("node:readline/promises", () => ({
  createInterface: () => ({
    question: async () => lines.shift() ?? Promise.reject(new Error("Aborted with Ctrl+C")),
    close: () => undefined,
  }),
}));

afterEach(() => vi.unstubAllEnvs());

it.each([
  ["the wallet", "GALEN_PASSPHRASE", askPassphrase],
  ["a key file", "GALEN_FILE_PASSPHRASE", askFilePassphrase],
])("the passphrase of %s comes from %s; without a terminal that is what is missing", async (_, variable, ask) => {
  const terminal = stdin.isTTY;
  stdin.isTTY = false;
  vi.stubEnv("GALEN_PASSPHRASE", undefined);
  vi.stubEnv("GALEN_FILE_PASSPHRASE", undefined);
  await expect(ask("Passphrase: ")).rejects.toMatchObject({ kind: { id: "cli/NoPassphrase" }, details: { variable } });
  vi.stubEnv(variable, "secret");
  expect(await ask("Passphrase: ")).toBe("secret");
  stdin.isTTY = terminal;
});

it.each([
  ["typed twice alike", ["secret", "secret"], undefined, "secret"],
  ["typed with a slip", ["secret", "sceret"], undefined, "cli/BadPassphrase"],
  ["left empty", [""], undefined, "cli/BadPassphrase"],
  ["given up", ["secret", undefined], undefined, "cli/NothingTyped"],
  ["of the environment", [], "secret", "secret"],
  ["of an environment that has it empty", [], "", "cli/BadPassphrase"],
])("a new passphrase, %s", async (_, input, given, outcome) => {
  const terminal = stdin.isTTY;
  stdin.isTTY = true;
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const [variable, choose] of [
    ["GALEN_PASSPHRASE", choosePassphrase],
    ["GALEN_FILE_PASSPHRASE", chooseFilePassphrase],
  ] as const) {
    vi.stubEnv(variable, given);
    lines.splice(0, lines.length, ...input);
    const chosen = choose("Passphrase: ").catch((error: { kind: { id: string } }) => error.kind.id);
    expect(await chosen).toBe(outcome);
  }
  told.mockRestore();
  stdin.isTTY = terminal;
});
