import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addTx, createTestDisk, openTestEngine, settled } from "@galen/engines/embedded/testing/test-engine";
import { portableCrypto } from "@galen/ledger/crypto/portable";
import { exportSnapshot } from "@galen/ledger/store/snapshot";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLevelStore } from "./level-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-turned-bit-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("one bit that the disk turns in LevelDB's log between two starts is refused, though LevelDB leaves out what stood there without a word", async () => {
  const disk = { ...createTestDisk(), kv: await openLevelStore(folder) };
  const { engine } = await openTestEngine(disk);
  for (const name of ["a", "b", "c"]) await engine.submitAndWait(addTx(name));
  // LevelDB goes on with the next 32 KB: without more of them the last blocks would be gone, which the key's vote tells.
  for (let i = 0; i < 60; i++) await engine.submitAndWait(addTx("d"));
  await settled({ engine });
  await engine.stop();
  await disk.kv.close();

  const log = join(folder, (await readdir(folder)).find((name) => /^\d+\.log$/.test(name))!);
  const bytes = await readFile(log);
  bytes[bytes.indexOf("tally/totals/c")]! ^= 1;
  await writeFile(log, bytes);

  const damaged = { ...disk, kv: await openLevelStore(folder) };
  await expect(openTestEngine(damaged)).rejects.toMatchObject({ code: "BlockMissing" });
  const source = { kv: damaged.kv, crypto: portableCrypto, height: engine.status().height, ranges: [], keep: async () => {} };
  await expect(exportSnapshot(source)).rejects.toMatchObject({ code: "StateCorrupt" });
  await damaged.kv.close();
});
