import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireNewFile, requireWritable } from "./output-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-output-"));
  await writeFile(join(folder, "old.json"), "old");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["a folder that is not there", "missing/new.json", "ENOENT"],
  ["a file for a folder", "old.json/new.json", "ENOTDIR"],
  ["a folder", ".", "EISDIR"],
])("refuses %s", async (_, path, code) => {
  await expect(requireWritable(join(folder, path))).rejects.toMatchObject({ code });
});

it("refuses a file that is there where none is written over", async () => {
  await requireNewFile(join(folder, "new.json"));
  await expect(requireNewFile(join(folder, "old.json"))).rejects.toThrow("cli/FileTaken");
  await expect(requireNewFile(folder)).rejects.toThrow("cli/FileTaken");
});

it("takes a new file and one that is there, and leaves both as they are", async () => {
  for (const name of ["new.json", "old.json"]) await requireWritable(join(folder, name));
  expect(await readdir(folder)).toEqual(["old.json"]);
  expect(await readFile(join(folder, "old.json"), "utf8")).toBe("old");
});
