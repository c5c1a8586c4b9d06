import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { waitForTurn } from "./turn.ts";

const folder = mkdtempSync(join(tmpdir(), "galen-turn-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function mark(name: string, processId: number): string {
  const path = join(folder, `${name}.${processId}`);
  mkdirSync(path, { recursive: true });
  return path;
}

async function other() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(child, "spawn");
  return child;
}

it("lets who came first go first, until it has finished", async () => {
  const earlier = await other();
  const first = mark("aa", earlier.pid!);
  await sleep(5);
  const own = mark("aa", process.pid);
  let hasTurn = false;
  const turn = waitForTurn(own).then(() => {
    hasTurn = true;
  });
  await sleep(200);
  expect(hasTurn).toBe(false);
  rmSync(first, { recursive: true });
  await turn;
  earlier.kill();
});

it("waits for nobody who came later, is dead, or makes another thing", async () => {
  const alive = await other();
  const dead = await other();
  dead.kill("SIGKILL");
  await once(dead, "exit");
  mark("aa", dead.pid!);
  mark("bb", alive.pid!);
  await sleep(5);
  const own = mark("aa", process.pid);
  await sleep(5);
  mark("aa", alive.pid!);
  await waitForTurn(own);
  alive.kill();
});

it("goes on when who came first was killed", async () => {
  const earlier = await other();
  mark("aa", earlier.pid!);
  await sleep(5);
  const turn = waitForTurn(mark("aa", process.pid));
  earlier.kill("SIGKILL");
  await turn;
});
