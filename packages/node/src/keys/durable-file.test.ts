import { type FileHandle, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clearWorkshop, copyFileDurably, makeFolderDurably, writeFileDurably } from "./durable-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-durable-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a durable file", () => {
  it("holds what was written last, for its owner's eyes", async () => {
    const path = join(folder, "key.json");
    for (const text of ["old", "new"]) await writeFileDurably(path, Buffer.from(text));
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["key.json"]);
  });

  it("may be written by several at once", async () => {
    const path = join(folder, "network.json");
    const texts = Array.from({ length: 20 }, (_, number) => `text ${number}`);
    await Promise.all(texts.map((text) => writeFileDurably(path, Buffer.from(text))));
    expect(texts).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["network.json"]);
  });

  it("is made in a workshop, from which what a killed process left is cleared", async () => {
    const workshop = join(folder, "workshop");
    await clearWorkshop(workshop);
    const names = ["key.json", "key.json.0123456789ab.part", "key.json.part"];
    for (const name of names) await writeFile(join(workshop, name), "text");
    await writeFileDurably(join(folder, "key.json"), Buffer.from("text"), workshop);
    expect(await readdir(folder)).toEqual(["key.json", "workshop"]);
    expect((await readdir(workshop)).toSorted()).toEqual(names);
    await clearWorkshop(workshop);
    expect((await readdir(workshop)).toSorted()).toEqual(["key.json", "key.json.part"]);
    await expect(writeFileDurably(join(folder, "key.json"), Buffer.from("text"), join(folder, "missing"))).rejects.toThrow("ENOENT");
  });

  it("leaves nothing when it cannot be written", async () => {
    await mkdir(join(folder, "taken", "inside"), { recursive: true });
    await expect(writeFileDurably(join(folder, "taken"), Buffer.from("text"))).rejects.toMatchObject({ code: "EISDIR" });
    expect(await readdir(folder)).toEqual(["taken"]);
  });
});

interface Synced {
  readonly handle: FileHandle;
  /** Number of the file in its file system, which a new name does not change. */
  readonly file: number;
  readonly sizeBytes: number;
}

/** What was told to be on the disk while `run` went on, in order. */
async function syncedBy(run: () => Promise<void>): Promise<Synced[]> {
  const synced: Synced[] = [];
  const any = await open(folder);
  const files: FileHandle = Object.getPrototypeOf(any);
  await any.close();
  const sync = files.sync;
  const spy = vi.spyOn(files, "sync").mockImplementation(async function (this: FileHandle) {
    const { ino, size } = await this.stat();
    synced.push({ handle: this, file: ino, sizeBytes: size });
    await sync.call(this);
  });
  await run().finally(() => spy.mockRestore());
  return synced;
}

describe("is on the disk before it resolves, and nothing stays open:", () => {
  type Row = readonly [name: string, run: (folder: string) => Promise<void>, synced: readonly string[]];
  const rows: readonly Row[] = [
    ["a written file and its name", (at) => writeFileDurably(join(at, "key"), Buffer.from("text")), ["key", "."]],
    ["a new folder and all new ones above it", (at) => makeFolderDurably(join(at, "a/b/c")), ["a/b", "a", "."]],
    ["of a folder that was there nothing", (at) => makeFolderDurably(at), []],
    ["a copy", (at) => copyFileDurably(join(at, "from"), join(at, "to")), ["to"]],
  ];
  it.each(rows)("%s", async (_, run, paths) => {
    await writeFile(join(folder, "from"), "text");
    const synced = await syncedBy(() => run(folder));
    const files = await Promise.all(paths.map((path) => stat(join(folder, path))));
    expect(synced.map(({ file }) => file)).toEqual(files.map(({ ino }) => ino));
    expect(synced.map(({ handle }) => handle.fd)).toEqual(files.map(() => -1));
    for (const [i, file] of files.entries()) if (file.isFile()) expect(synced[i]!.sizeBytes).toBe("text".length);
  });
});
