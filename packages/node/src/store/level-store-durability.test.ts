import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLevelStore } from "./level-store.ts";

/** While it is set, no file but LevelDB's own can be made durable. */
const disk = vi.hoisted(() => ({ isFailing: false }));
vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const fdatasync = (descriptor: number, done: (error: Error | null) => void) =>
    disk.isFailing ? done(new Error("EIO: i/o error, fdatasync")) : fs.fdatasync(descriptor, done);
  return { ...fs, fdatasync };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-durability-"));
});
afterEach(async () => {
  disk.isFailing = false;
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
