import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs a line of the shell in which `galen` is the command. */
function run(line: string): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, GALEN_NODE: process.execPath, GALEN_MAIN: MAIN };
  return spawnSync("sh", ["-c", `galen() { "$GALEN_NODE" "$GALEN_MAIN" "$@"; }; ${line}`], { encoding: "utf8", env: environment });
}

describe.skipIf(process.platform !== "linux")("an answer that cannot be written", () => {
  it("to a full disk is told in a sentence, and fails", () => {
    const { status, stderr } = run("galen config > /dev/full");
    expect(stderr).toMatch(/^The disk is full; .*\[system\/ENOSPC\]\n/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  it("leaves the file that it was to replace", async () => {
    const folder = await mkdtemp(join(tmpdir(), "galen-full-"));
    const chart = join(folder, "chart.svg");
    await writeFile(chart, "last week's");
    // No file may grow, as on a full disk.
    const { status } = run(`ulimit -f 0; galen lab consensus --epochs 1 --nodes 4 --chart ${chart}`);
    expect(status).toBe(1);
    expect(await readFile(chart, "utf8")).toBe("last week's");
    await rm(folder, { recursive: true });
  });

  it("to somebody who has read enough ends quietly", () => {
    expect(run("galen config | head -n 1")).toEqual(expect.objectContaining({ stdout: "# Configuration\n", stderr: "" }));
  });

  it("beside remarks that nobody takes is written", () => {
    const { status, stdout } = run("galen lab consensus --epochs 1 --nodes 4 --chart /dev/null 2> /dev/full");
    expect(status).toBe(0);
    expect(stdout).toContain("stake");
  });
});
