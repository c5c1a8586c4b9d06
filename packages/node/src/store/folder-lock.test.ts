import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeLock } from "./folder-lock.ts";

let folder: string;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "galen-lock-")), "lock");
});
afterAll(() => rm(join(folder, ".."), { recursive: true }));

describe("the lock of a folder", () => {
  it("is one's own until one lets go of it", async () => {
    const unlock = await takeLock(folder);
    expect(await takeLock(folder)).toBeUndefined();
    await unlock!();
    await (await takeLock(folder))!();
  });

  it("is taken from a process that is killed", async () => {
    const module = fileURLToPath(new URL("folder-lock.ts", import.meta.url));
    const program = `import { takeLock } from ${JSON.stringify(module)};
      await takeLock(${JSON.stringify(folder)});
      console.log("taken");
      setInterval(() => undefined, 1_000);`;
    const other = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(other.stdout, "data");
    expect(await takeLock(folder)).toBeUndefined();
    other.kill("SIGKILL");
    await once(other, "close");
    await (await takeLock(folder))!();
  });

  it("says why it cannot be had at all", async () => {
    await expect(takeLock("/dev/null/lock")).rejects.toMatchObject({ code: "StoreUnreadable" });
  });
});
