import { stdin } from "node:process";
import { afterEach, expect, it, vi } from "vitest";
import { askPassphrase, chooseFilePassphrase, choosePassphrase, openBackedUp, openSealedFile } from "./passphrase.ts";

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
  ["a key file", "GALEN_FILE_PASSPHRASE", () => openSealedFile("k.json", async (passphrase) => passphrase)],
  ["the keys of a backup", "GALEN_PASSPHRASE", () => openBackedUp("backup", async (passphrase) => passphrase)],
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
  ["typed twice alike", ["our secret", "our secret"], undefined, "our secret"],
  ["typed with a slip", ["our secret", "our sceret"], undefined, "cli/BadPassphrase"],
  ["left empty", [""], undefined, "cli/BadPassphrase"],
  ["too short, and not asked for again", ["a secret."], undefined, "cli/BadPassphrase"],
  ["given up", ["our secret", undefined], undefined, "cli/NothingTyped"],
  ["of the environment", [], "our secret", "our secret"],
  ["of an environment that has it empty", [], "", "cli/BadPassphrase"],
  ["of an environment that has it too short", [], "a secret.", "cli/BadPassphrase"],
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
