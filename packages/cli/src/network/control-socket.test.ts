import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listenForStop, requestStop } from "./control-socket.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "galen-control-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("a network that runs is started no second time, and still hears that it shall stop", async () => {
  const [stop, stopSecond] = [vi.fn(async () => {}), vi.fn(async () => {})];
  const close = await listenForStop(folder, stop);
  await expect(listenForStop(folder, stopSecond)).rejects.toMatchObject({ kind: { id: "cli/NetworkRuns" }, details: { folder } });
  expect(await requestStop(folder)).toBe(true);
  expect([stop.mock.calls.length, stopSecond.mock.calls.length]).toEqual([1, 0]);
  await close();
});

it("a network that has ended may be started again", async () => {
  await (await listenForStop(folder, async () => {}))();
  expect(await requestStop(folder)).toBe(false);
  await (await listenForStop(folder, async () => {}))();
});
