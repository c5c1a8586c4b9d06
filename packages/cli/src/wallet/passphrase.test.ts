import { stdin } from "node:process";
import { afterEach, expect, it, vi } from "vitest";
import { askFilePassphrase, askPassphrase } from "./passphrase.ts";

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
