import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { MAX_FILE_BYTES } from "@galen/gateway/fhir/read-json";
import { afterAll, beforeAll, expect, it } from "vitest";
import { failureOf } from "../terminal/failure.ts";
import { bundleFiles, readBundleFile } from "./bundle-files.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-files-"));
  await mkdir(join(folder, "empty"));
  await symlink("/dev/zero", join(folder, "endless"));
  for (const [name, sizeBytes] of [
    ["large", MAX_FILE_BYTES + 1],
    ["huge", 2 ** 31],
  ] as const) {
    await writeFile(join(folder, name), "");
    // No byte of it is written: it takes no room.
    await truncate(join(folder, name), sizeBytes);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["that is larger than any document", "large", "json/TooLarge"],
  ["of 2 GiB, which no program reads at once", "huge", "json/TooLarge"],
  ["that never ends", "endless", "json/TooLarge"],
  ["that is not there", "none", "cli/NotFound"],
  ["that is a folder without files", "empty", "cli/NothingToImport"],
  ["below a file", "large/none", "system/ENOTDIR"],
  ["whose name the system does not take", "n".repeat(300), "system/ENAMETOOLONG"],
])("a file %s is refused as that", async (_, name, id) => {
  const error = await readBundleFile(join(folder, name)).catch((refused: unknown) => refused);
  expect(failureOf(error)).toMatchObject({ id });
});

it("a pipe is read to its end", async () => {
  const pipe = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const [error] = await Promise.all([
    readBundleFile(pipe).catch((refused: unknown) => refused),
    writeFile(pipe, '{"resourceType": "Patient"}'),
  ]);
  expect(failureOf(error)).toMatchObject({ id: "fhir/NotABundle" });
});

it("a folder stands for the files in it, whatever the folders in it are called, and for itself where there are none", async () => {
  const [full, bare] = [join(folder, "full"), join(folder, "bare")];
  for (const one of [full, bare]) await mkdir(join(one, "sub.json"), { recursive: true });
  for (const name of ["b.json", "a.json", "notes.txt"]) await writeFile(join(full, name), "");
  expect(await bundleFiles([full, bare])).toEqual([join(full, "a.json"), join(full, "b.json"), bare]);
});
