import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { startCheckpoints } from "./checkpoints.ts";

it("moves the log into the file while the database is open, and ends when it is told to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "galen-checkpoints-"));
  const path = join(folder, "read-model.db");
  const sqlite = new Sqlite(path);
  const causes: unknown[] = [];
  try {
    sqlite.pragma("journal_mode = WAL");
    const checkpoints = startCheckpoints(sqlite, (cause) => causes.push(cause));
    sqlite.exec("create table pages (page blob)");
    for (let page = 0; page < 100; page++) sqlite.prepare("insert into pages values (randomblob(4096))").run();
    await expect.poll(async () => (await stat(path)).size, { timeout: 20_000 }).toBeGreaterThan(400_000);
    await checkpoints.stop();
    expect(sqlite.prepare("select count(*) as count from pages").get()).toEqual({ count: 100 });
    expect(causes).toEqual([]);
  } finally {
    sqlite.close();
    await rm(folder, { recursive: true });
  }
});
