import { type FileHandle, mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SnapshotManifest } from "@galen/ledger/store/snapshot";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSnapshotFolder, type SnapshotFolder } from "./snapshot-folder.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "galen-snapshots-"));
});
afterEach(() => rm(root, { recursive: true }));

function manifestAt(height: number): SnapshotManifest {
  return { format: 1, height, keyCount: 1, root: "ab".repeat(32), chunks: ["cd".repeat(32)] };
}

function add(folder: SnapshotFolder, height: number): Promise<void> {
  return folder.add(height, async (keepChunk) => {
    await keepChunk(Uint8Array.of(height), 0);
    return manifestAt(height);
  });
}

const heights = (folder: SnapshotFolder) => folder.list().map(({ height }) => height);

it("keeps the newest two, also for the next process", async () => {
  const folder = await openSnapshotFolder(root);
  for (const height of [100, 200, 300]) await add(folder, height);
  for (const opened of [folder, await openSnapshotFolder(root)]) {
    expect(heights(opened)).toEqual([300, 200]);
    expect(await opened.chunk(200, 0)).toEqual(Uint8Array.of(200));
    expect(await opened.chunk(100, 0)).toBeUndefined();
    expect(await opened.chunk(200, 1)).toBeUndefined();
  }
});

it.each([
  ["without a manifest", undefined],
  ["whose manifest is empty, as a power cut leaves it", ""],
  ["whose manifest is cut off", '{"format":1,"hei'],
])("opens beside a snapshot %s, and removes that", async (_, manifest) => {
  await add(await openSnapshotFolder(root), 100);
  await mkdir(join(root, "200"));
  if (manifest !== undefined) await writeFile(join(root, "200", "manifest.json"), manifest);
  await mkdir(join(root, "300.part"));
  expect(heights(await openSnapshotFolder(root))).toEqual([100]);
  expect(await readdir(root)).toEqual(["100"]);
});

it("is whole after a loss of power: chunks and manifest are on the disk before it has its name, and then the name is", async () => {
  const any = await open(root);
  const handles: FileHandle = Object.getPrototypeOf(any);
  await any.close();
  const synced: { readonly inode: number; readonly names: string[] }[] = [];
  const { sync } = handles;
  const spy = vi.spyOn(handles, "sync").mockImplementation(async function (this: FileHandle) {
    synced.push({ inode: (await this.stat()).ino, names: await readdir(root) });
    await sync.call(this);
  });
  await add(await openSnapshotFolder(root), 100);
  spy.mockRestore();
  const beside = ["100/0", "100/manifest.json", "100"].map((path) => ({ path, names: ["100.part"] }));
  const expected = [...beside, { path: "", names: ["100"] }].map(async ({ path, names }) => ({
    inode: (await stat(join(root, path))).ino,
    names,
  }));
  expect(synced).toEqual(await Promise.all(expected));
});

it("has no chunk of a snapshot that somebody has deleted", async () => {
  const folder = await openSnapshotFolder(root);
  await add(folder, 100);
  await rm(join(root, "100"), { recursive: true });
  expect(await folder.chunk(100, 0)).toBeUndefined();
});

it("is made again when somebody has deleted it", async () => {
  const folder = await openSnapshotFolder(root);
  await rm(root, { recursive: true });
  await add(folder, 100);
  expect(await folder.chunk(100, 0)).toEqual(Uint8Array.of(100));
});

it("refuses a snapshot for which there is no place, however late its first chunk comes", async () => {
  const folder = await openSnapshotFolder(root);
  await rm(root, { recursive: true });
  await writeFile(root, "");
  const refused = folder.add(100, async (keepChunk) => {
    await sleep(50); // before it, Node ends the process for a rejection that nobody has heard
    await keepChunk(Uint8Array.of(100), 0);
    return manifestAt(100);
  });
  await expect(refused).rejects.toMatchObject({ code: "ENOTDIR" });
  expect(heights(folder)).toEqual([]);
});

it.each<[string, () => Promise<void>, string]>([
  ["while it was made", () => Promise.reject(new Error("no space left")), "no space left"],
  ["at its end", () => mkdir(join(root, "200.part", "manifest.json")), "EISDIR"],
])("leaves nothing of a snapshot that could not be kept %s", async (_, breakOff, reason) => {
  const folder = await openSnapshotFolder(root);
  await add(folder, 100);
  const broken = folder.add(200, async (keepChunk) => {
    await keepChunk(Uint8Array.of(200), 0);
    await breakOff();
    return manifestAt(200);
  });
  await expect(broken).rejects.toThrow(reason);
  expect(await readdir(root)).toEqual(["100"]);
  await add(folder, 200);
  expect(heights(folder)).toEqual([200, 100]);
});
