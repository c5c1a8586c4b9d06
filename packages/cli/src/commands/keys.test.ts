import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createProgram } from "../program.ts";
import { addFreshKeys, createWallet, openWallet } from "../wallet/wallet.ts";

const PASSPHRASE = "between us";
const STRANGER = "ab".repeat(32);

it("`keys add` corrects what was noted of others, and never of what kind own keys are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "galen-keys-"));
  vi.stubEnv("GALEN_PASSPHRASE", PASSPHRASE);
  const told = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const { account } = await addFreshKeys(await createWallet(folder, PASSPHRASE), { name: "Ann", kind: "person" });
  const kindAfter = async (...words: readonly string[]) => {
    await (await createProgram(["keys"])).parseAsync(["keys", "add", ...words, "--wallet", folder], { from: "user" });
    return (await openWallet(folder, PASSPHRASE)).entries().find((entry) => entry.name === words[0])?.kind;
  };
  expect(await kindAfter("House", STRANGER)).toBe("person");
  expect(await kindAfter("House", STRANGER, "--kind", "organisation")).toBe("organisation");
  expect(await kindAfter("The House", STRANGER)).toBe("organisation");
  expect(await kindAfter("Ann A.", account, "--kind", "organisation")).toBe("person");
  told.mockRestore();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
}, 60_000);
