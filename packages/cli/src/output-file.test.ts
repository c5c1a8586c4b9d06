import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requireNewFile, requireWritable, writeOutput } from "./output-file.ts";

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

it("writes a file whole, for its owner's eyes, over one that is there", async () => {
  const place = await mkdtemp(join(folder, "whole-"));
  const path = join(place, "record.json");
  for (const text of ["first", "second"]) {
    await writeOutput(path, Buffer.from(text));
    expect(await readFile(path, "utf8")).toBe(text);
  }
  expect(await readdir(place)).toEqual(["record.json"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it("follows a link, so that what it leads to is written", async () => {
  const place = await mkdtemp(join(folder, "link-"));
  await writeFile(join(place, "real.json"), "old");
  await symlink("real.json", join(place, "link.json"));
  await writeOutput(join(place, "link.json"), Buffer.from("new"));
  expect(await readFile(join(place, "real.json"), "utf8")).toBe("new");
});
