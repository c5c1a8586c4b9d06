import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLevelStore } from "./level-store.ts";
import { openLogFiles } from "./log-files.ts";

const well = vi.hoisted(() => ({ isFailing: false, takesMs: 0, unlinkFault: undefined as string | undefined }));
/** Of files that are not LevelDB's own: whether none can be made durable, and how long it takes; why none can be deleted. */
const disk = vi.hoisted(() => ({ ...well }));
vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const fdatasync = (descriptor: number, done: (error: Error | null) => void) => {
    if (disk.isFailing) return done(new Error("EIO: i/o error, fdatasync"));
    const file = fs.fstatSync(descriptor).ino;
    setTimeout(() => done(fs.fstatSync(descriptor).ino === file ? null : new Error("the descriptor is another file's")), disk.takesMs);
  };
  return { ...fs, fdatasync };
});

vi.mock("node:fs/promises", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs/promises")>();
  async function unlink(path: string): Promise<void> {
    if (disk.unlinkFault !== undefined) throw Object.assign(new Error(`${disk.unlinkFault}: unlink`), { code: disk.unlinkFault });
    await fs.unlink(path);
  }
  return { ...fs, unlink };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-durability-"));
});
afterEach(async () => {
  Object.assign(disk, well);
  await rm(folder, { recursive: true });
});

const key = Buffer.from("k");
test.each([
  ["log", { position: 0, bytes: Buffer.from("log") }],
  ["permanent values", { key: Buffer.from("block"), value: Buffer.from("permanent"), isPermanent: true as const }],
])("no record is there before its part of the %s is durable", async (_, beside) => {
  const kv = await openLevelStore(folder);
  await kv.write([{ key, value: Buffer.from("before") }, beside]);
  disk.isFailing = true;
  await expect(kv.write([{ key, value: Buffer.from("after") }, beside])).rejects.toMatchObject({ code: "StoreWriteFailed" });
  await kv.close();
  const again = await openLevelStore(folder);
  expect(Buffer.from(again.get(key)!).toString()).toBe("before");
  await again.close();
});

test.each([
  ["cannot be deleted is deleted later", "EIO", ["000000001.log"]],
  ["somebody has deleted is not looked for again", "ENOENT", ["000000000.log", "000000001.log"]],
])("an old file of the log that %s, and the write that gives it up counts", async (_, fault, left) => {
  const FILE_BYTES = 64 * 2 ** 20;
  const kv = await openLevelStore(folder);
  for (const number of [0, 1]) await kv.write([{ position: number * FILE_BYTES, bytes: Uint8Array.of(1) }]);
  disk.unlinkFault = fault;
  await kv.write([{ key, value: Buffer.from("first") }, { dropBefore: FILE_BYTES }]);
  disk.unlinkFault = undefined;
  await kv.write([{ key, value: Buffer.from("second") }, { dropBefore: FILE_BYTES }]);
  expect(Buffer.from(kv.get(key)!).toString()).toBe("second");
  expect(await readdir(join(folder, "log"))).toEqual(left);
  await kv.close();
});

test("a file that is being made durable stays open, however many are read meanwhile", async () => {
  const FILE_BYTES = 64 * 2 ** 20;
  const earlier = await openLogFiles(folder);
  for (let number = 0; number < 300; number++) await earlier.write([{ position: number * FILE_BYTES, bytes: Uint8Array.of(1) }]);
  await earlier.sync();
  await earlier.close();

  const log = await openLogFiles(folder);
  await log.write([{ position: 0, bytes: Uint8Array.of(2) }]);
  disk.takesMs = 50;
  const synced = log.sync();
  for (let number = 1; number < 300; number++) log.read(number * FILE_BYTES, new Uint8Array(1));
  await synced;
  await log.close();
});
