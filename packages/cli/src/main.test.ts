import { spawnSync } from "node:child_process";
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

  it("to somebody who has read enough ends quietly", () => {
    expect(run("galen config | head -n 1")).toEqual(expect.objectContaining({ stdout: "# Configuration\n", stderr: "" }));
  });

  it("beside remarks that nobody takes is written", () => {
    const { status, stdout } = run("galen lab consensus --epochs 1 --nodes 4 --chart /dev/null 2> /dev/full");
    expect(status).toBe(0);
    expect(stdout).toContain("stake");
  });
});
