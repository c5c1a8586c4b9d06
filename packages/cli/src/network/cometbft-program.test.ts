import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findCometbft } from "./cometbft-program.ts";

// Whether a release was built on this machine must not matter.
vi.mock("node:fs/promises", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs/promises")>();
  return { ...fs, readdir: () => Promise.reject(new Error("ENOENT")) };
});

let folder: string;
let program: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-cometbft-"));
  program = join(folder, "cometbft");
});
afterEach(() => rm(folder, { recursive: true }));

it("finds the program on the path, unless a setting names another", async () => {
  await writeFile(program, "", { mode: 0o700 });
  const PATH = ["", join(folder, "nothing"), folder].join(delimiter);
  expect(await findCometbft({ PATH })).toBe(program);
  expect(await findCometbft({ PATH, GALEN_COMETBFT_BINARY: "/elsewhere/cometbft" })).toBe("/elsewhere/cometbft");
});

it.each([
  ["no path", () => ({})],
  ["an empty path", () => ({ PATH: "" })],
  ["a path to what is not to be run", () => ({ PATH: folder })],
])("finds none with %s", async (_, environment) => {
  await writeFile(program, "", { mode: 0o600 });
  await expect(findCometbft(environment())).rejects.toMatchObject({ kind: { id: "cli/NoCometbft" } });
});
