import { type FileHandle, mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLogFiles } from "./log-files.ts";

const FILE_BYTES = 64 * 2 ** 20;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a log of many files has few of them open, and loses nothing of what it writes meanwhile", async () => {
  const FILES = 600;
  const openFiles = async () => (await readdir("/dev/fd")).length;
  const before = await openFiles();
  const log = await openLogFiles(folder);
  const target = new Uint8Array(2);
  const bytesOf = (number: number) => Uint8Array.of(number % 256, number >> 8);
  for (let number = 0; number < FILES; number++) {
    await log.write([{ position: number * FILE_BYTES, bytes: bytesOf(number) }]);
    const synced = log.sync();
    // While one file is being made durable, others are read.
    for (let read = 0; read <= number; read += 37) expect([log.read(read * FILE_BYTES, target), target]).toEqual([true, bytesOf(read)]);
    await synced;
  }
  for (let number = 0; number < FILES; number++) expect([log.read(number * FILE_BYTES, target), target]).toEqual([true, bytesOf(number)]);
  expect((await openFiles()) - before).toBeLessThan(300);
  await log.close();
  expect((await openFiles()) - before).toBeLessThan(20);
});

test("a log in a new folder is found after a loss of power: the names that lead to it are on the disk", async () => {
  const any = await open(folder);
  const handles: FileHandle = Object.getPrototypeOf(any);
  await any.close();
  const synced: number[] = [];
  const { sync } = handles;
  const spy = vi.spyOn(handles, "sync").mockImplementation(async function (this: FileHandle) {
    synced.push((await this.stat()).ino);
    await sync.call(this);
  });
  const path = join(folder, "values");
  const log = await openLogFiles(path);
  await log.write([{ position: 0, bytes: Uint8Array.of(1) }]);
  await log.sync();
  await log.close();
  spy.mockRestore();
  expect(synced).toEqual([(await stat(folder)).ino, (await stat(path)).ino]);
});
